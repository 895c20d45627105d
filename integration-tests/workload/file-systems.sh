# Known work on XFS, Btrfs and NFS, in a guest that has their modules: /probes.yaml is traced meanwhile, its tables are in /out/trace.json.
# NFS has its server in the same kernel; what mountd would tell that server is told by hand (nfsd(7), sunrpc's caches).
set -e
. /wait-for-trace.sh
mkdir -p /mnt/xfs /mnt/btrfs /mnt/nfs /srv
truncate -s 320M /tmp/xfs
truncate -s 128M /tmp/btrfs
mkfs.xfs -q /tmp/xfs
mkfs.btrfs -q /tmp/btrfs
mount -t xfs -o loop /tmp/xfs /mnt/xfs
mount -t btrfs -o loop /tmp/btrfs /mnt/btrfs

mount -t tmpfs tmpfs /srv
mount -t nfsd nfsd /proc/fs/nfsd
mkdir -p /var/lib/nfs/v4recovery
never=2147483647
echo "nfsd 127.0.0.1 $never all" > /proc/net/rpc/auth.unix.ip/channel
echo "all 1 \\x00000000 $never /srv" > /proc/net/rpc/nfsd.fh/channel
# insecure ports, no write gathering, no checks of subtrees, root of the name space: linux/nfsd/export.h
echo "all /srv $never $((0x2 + 0x400 + 0x2000)) 65534 65534 0" > /proc/net/rpc/nfsd.export/channel
# Version 4 alone: others want an rpcbind.
echo "-2 -3 +4 +4.1 +4.2" > /proc/fs/nfsd/versions
echo "tcp 2049" > /proc/fs/nfsd/portlist
echo 2 > /proc/fs/nfsd/threads
echo Y > /proc/fs/nfsd/v4_end_grace
mount -i -t nfs4 -o vers=4.1,addr=127.0.0.1,clientaddr=127.0.0.1,proto=tcp,port=2049 127.0.0.1:/ /mnt/nfs

ebpf-receiver trace --file /probes.yaml --json > /out/trace.json 2> /out/trace.err &
trace=$!
wait_for_trace $trace
for place in xfs btrfs nfs; do
    for i in 0 1 2 3 4 5 6 7 8 9; do
        dd if=/dev/zero of=/mnt/$place/file$i bs=4096 count=5 conv=fsync 2> /dev/null
        dd if=/mnt/$place/file$i of=/dev/null bs=4096 2> /dev/null
    done
done
kill -TERM $trace
wait $trace
umount /mnt/nfs /mnt/btrfs /mnt/xfs
echo 0 > /proc/fs/nfsd/threads

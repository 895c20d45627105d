#!/usr/bin/env bash
# Fetches the Debian kernels that the guests boot: .cache/kernels/<version>/{vmlinuz,modules/,release}, and btf: the types of each.
#   fetch.sh [VERSION]...    5.10, 6.1, 6.12, 7; all of them without an argument
set -euo pipefail
. "$(dirname "$0")/../debian.sh"

# Modules a guest may need, and what these need; the rest of a kernel package (100 MB) is not kept.
keep='/(virtio_blk|virtio_pci|virtio|virtio_ring|virtio_pci_modern_dev|virtio_pci_legacy_dev|loop|brd|null_blk|configfs|nf_tables|nft_.*|nf_conntrack|ip_tables|iptable_filter|x_tables|ext4|jbd2|mbcache|crc16|crc32c_generic|libcrc32c|overlay|dummy|veth'
# XFS, Btrfs, NFS with its server, and software RAID, with what they stand on.
keep+='|xfs|btrfs|xor|raid6_pq|libblake2b|zstd_compress|nfs|nfsv4|nfsd|lockd|grace|sunrpc|auth_rpcgss|nfs_acl|netfs|fscache|dns_resolver|md-mod)\.ko'

fetch() {
    local version=$1 suite pattern target=$cache/kernels/$1 root release image
    case $version in
        5.10) suite=bullseye pattern='linux-image-5\.10\.0-[0-9]+-cloud-amd64' ;;
        6.1)  suite=bookworm pattern='linux-image-6\.1\.0-[0-9]+-cloud-amd64' ;;
        6.12) suite=trixie   pattern='linux-image-6\.12\.[0-9+a-z.]+-cloud-amd64' ;;
        7)    suite=sid      pattern='linux-image-7\.[0-9]+(\.[0-9]+)?[+a-z0-9.~-]*-cloud-amd64' ;;
        *) fail "no such kernel: $version (5.10, 6.1, 6.12, 7)" ;;
    esac
    # A cache that was made when fewer modules were kept is made anew.
    if [ -s "$target/vmlinuz" ] && [ "$(cat "$target/kept" 2>/dev/null)" = "$keep" ]; then return; fi

    echo "kernels: fetching $version from Debian $suite"
    debian_update "$suite"
    image=$(debian_newest "$suite" "$pattern")
    root=$(mktemp -d "$cache/kernel.XXXXXX")
    trap 'rm -rf "$root"' EXIT
    # Since 6.17 the image package only depends on those that hold the kernel and its modules.
    local packages=("$image") part candidate
    for part in binary modules; do
        candidate=${image/linux-image-/linux-$part-}
        if [ -n "$(apt-cache $(debian_options "$suite") show "$candidate" 2>/dev/null | head -1)" ]; then packages+=("$candidate"); fi
    done
    debian_unpack "$suite" "$root" "${packages[@]}"
    [ -d "$root/usr/lib/modules" ] || ln -s ../lib "$root/usr/lib" 2>/dev/null || true

    local vmlinuz
    vmlinuz=$(find "$root" \( -name 'vmlinuz-*' -o -name vmlinuz \) -type f | head -1)
    [ -n "$vmlinuz" ] || fail "$image has no vmlinuz"
    release=$(basename "$(find "$root/lib/modules" "$root/usr/lib/modules" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | head -1)")
    [ -n "$release" ] || fail "$image has no modules"

    rm -rf "$target.new"
    mkdir -p "$target.new/modules"
    cp "$vmlinuz" "$target.new/vmlinuz"
    find "$root" -path "*/modules/$release/*" -type f -name '*.ko*' | { grep -E "$keep" || true; } | while read -r module; do
        case $module in
            *.xz) xz -dc "$module" > "$target.new/modules/$(basename "${module%.xz}")" ;;
            *.zst) zstd -qdc "$module" > "$target.new/modules/$(basename "${module%.zst}")" ;;
            *) cp "$module" "$target.new/modules/" ;;
        esac
    done
    find "$root" -path "*/modules/$release/modules.builtin" -exec cp {} "$target.new/" \;
    find "$root" -name "config-$release" -o -path "*/modules/$release/config" | head -1 | xargs -r -I{} cp {} "$target.new/config"
    echo "$release" > "$target.new/release"
    echo "$keep" > "$target.new/kept"
    rm -rf "$target"
    mv "$target.new" "$target"
    rm -rf "$root"
    trap - EXIT
    echo "kernels: $version is $release"
}

# types VERSION: the section .BTF of the kernel that is compressed inside vmlinuz (Documentation/arch/x86/boot.rst).
types() {
    local target=$cache/kernels/$1 vmlinuz=$cache/kernels/$1/vmlinuz setup offset length kernel
    if [ -s "$target/btf" ] || [ "$(uname -m)" != x86_64 ]; then return; fi
    setup=$(od -An -t u1 -j 497 -N 1 "$vmlinuz" | tr -d ' ')
    offset=$(od -An -t u4 -j 584 -N 4 "$vmlinuz" | tr -d ' ')
    length=$(od -An -t u4 -j 588 -N 4 "$vmlinuz" | tr -d ' ')
    kernel=$(mktemp "$cache/vmlinux.XXXXXX")
    # The build appends the size of the unpacked kernel in four bytes, which are no part of what was compressed.
    payload() { { tail -c +$(((setup + 1) * 512 + offset + 1)) "$vmlinuz" || true; } | head -c $((length - $1)); }
    case $(payload 0 | head -c 4 | od -An -t x1 | tr -d ' \n') in
        02214c18) payload 4 | lz4 -dcq > "$kernel" ;;
        fd377a58) payload 4 | xz -dc --single-stream > "$kernel" ;;
        28b52ffd) payload 4 | zstd -dcq > "$kernel" ;;
        1f8b*) payload 0 | gzip -dcq > "$kernel" || [ -s "$kernel" ] ;;
        *) fail "the kernel inside $vmlinuz is compressed in a way that is not known here" ;;
    esac
    llvm-objcopy --dump-section .BTF="$target/btf.new" "$kernel" /dev/null || fail "there is no .BTF in the kernel of $vmlinuz"
    mv "$target/btf.new" "$target/btf"
    rm "$kernel"
}

# Tests ask for kernels at the same time.
exec 9> "$cache/kernels.lock"
flock 9
[ $# -gt 0 ] || set -- 5.10 6.1 6.12 7
for version in "$@"; do
    fetch "$version"
    types "$version"
done

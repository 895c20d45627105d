#!/usr/bin/env bash
# Boots a systemd of its own, as the first process of new namespaces, with nothing to do but to run one service: the receiver's unit as it is
# published, but for the places of the program and of its configuration. It sees no other unit and changes nothing outside.
#   systemd.sh PROGRAM CONFIG UNIT      root; ends with the systemd, and that when this is killed
set -euo pipefail
program=$1 config=$2 unit=$3
hierarchy=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
[ -n "$hierarchy" ] || { echo "no cgroup2 here" >&2; exit 77; }
own=$hierarchy/ebpf-receiver-$$
mkdir "$own" || exit 77

inside() {
    mount --make-rprivate /
    mount -t tmpfs tmpfs /run
    # What it runs is on no file system that the sandbox hides or this machine keeps.
    mkdir -p /run/receiver /run/units
    cp "$program" /run/receiver/ebpf-receiver
    cp "$config" /run/receiver/config.yaml
    sed -e 's|/usr/local/bin/ebpf-receiver|/run/receiver/ebpf-receiver|; s|/etc/ebpf-receiver/|/run/receiver/|' "$unit" > /run/units/ebpf-receiver.service
    for target in sysinit basic shutdown network-online default; do
        printf '[Unit]\nDefaultDependencies=no\nAllowIsolate=yes\n' > "/run/units/$target.target"
    done
    for directory in /var/lib /etc/systemd/system /usr/lib/systemd/system /usr/lib/systemd/system-generators; do
        mount -t tmpfs tmpfs "$directory"
    done
    mount --bind /run/units /etc/systemd/system
    umount -l /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    exec env -i PATH="$PATH" container=unshare SYSTEMD_LOG_TARGET=console /usr/lib/systemd/systemd --system --show-status=no
}

export -f inside
export program config unit
# In a group of its own, which is the root of what the systemd sees.
(
    echo "$BASHPID" > "$own/cgroup.procs"
    exec unshare --fork --kill-child --pid --mount-proc --mount --cgroup --ipc --uts bash -euo pipefail -c inside
) &
systemd=$!
cleanup() {
    trap '' TERM INT # A second one is not to end this half-way.
    kill -KILL "$systemd" 2>/dev/null || true
    wait "$systemd" 2>/dev/null || true
    for _ in $(seq 50); do
        if find "$own" -depth -type d -exec rmdir {} + 2>/dev/null; then break; fi
        sleep 0.1
    done
}
trap cleanup EXIT
trap 'exit 0' TERM INT
wait "$systemd"

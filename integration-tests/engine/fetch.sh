#!/usr/bin/env bash
# Unpacks a container engine that knows CAP_BPF into .cache/engine/root; nothing of it is installed or started.
# docker and containerd are trixie's (bookworm's 20.10 does not know CAP_BPF); runc and iptables are the machine's own suite's.
set -euo pipefail
. "$(dirname "$0")/../debian.sh"

root=$cache/engine/root
if [ -e "$root/complete" ]; then exit 0; fi
rm -rf "$root"
echo "engine: fetching docker, containerd and compose from Debian trixie"
debian_update trixie
debian_unpack trixie "$root" docker.io docker-cli containerd docker-compose tini
here=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
case $here in bookworm | trixie | sid) ;; *) here=bookworm ;; esac
debian_update "$here"
# nginx is what the two small services of docker-compose.yml run.
debian_unpack "$here" "$root/nginx" nginx nginx-common libpcre2-8-0
debian_unpack "$here" "$root" runc iptables libnftnl11 libxtables12 libip4tc2 libip6tc2 libmnl0 libnfnetlink0 libnetfilter-conntrack3
for program in usr/sbin/dockerd usr/bin/docker usr/bin/containerd usr/sbin/runc; do
    [ -x "$root/$program" ] || fail "$program is not in Debian's packages any more"
done
plugin=$(find "$root" -name docker-compose -type f -perm -u+x | head -1)
[ -n "$plugin" ] || fail "docker-compose is not in Debian's package any more"
mkdir -p "$root/config/cli-plugins"
ln -sf "$plugin" "$root/config/cli-plugins/docker-compose"
touch "$root/complete"

# Debian packages of suites that this machine does not follow, without touching its own apt state. Sourced by scripts.
# shellcheck shell=bash
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${EBPF_RECEIVER_CACHE:-$repository/.cache}
debian_components=main
mkdir -p "$cache"

fail() { echo "error: $*" >&2; exit 1; }

# The mirror the machine itself uses, so that proxies and local mirrors keep working.
debian_mirror() {
    local uri
    uri=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -1 | tr -d ' ') || true
    echo "${uri:-http://deb.debian.org/debian}"
}

# The options of a private apt state for one suite.
debian_options() {
    local suite=$1 state=$cache/apt/$1
    printf '%s\n' \
        -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state/cache" -o Dir::State::Status="$state/status" \
        -o APT::Sandbox::User=root -o APT::Architecture=amd64 -o APT::Architectures=amd64 \
        -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3 -o Acquire::Languages=none -qq
}

# Package lists of a suite, at most one day old.
debian_update() {
    local suite=$1 state=$cache/apt/$1 options
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    touch "$state/status"
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -s $keyring ] || fail "$keyring is missing: install debian-archive-keyring"
    echo "deb [signed-by=$keyring] $(debian_mirror) $suite $debian_components" > "$state/sources.list"
    if [ -e "$state/updated" ] && [ -z "$(find "$state/updated" -mmin +1440)" ]; then return; fi
    mapfile -t options < <(debian_options "$suite")
    # A keyring older than the suite's newest key is no reason to do without: the other signatures still count.
    apt-get "${options[@]}" update || fail "the package lists of $suite can't be had from $(debian_mirror)"
    touch "$state/updated"
}

# debian_newest SUITE PATTERN: the newest package whose name matches the extended regular expression.
debian_newest() {
    local options names
    mapfile -t options < <(debian_options "$1")
    names=$(apt-cache "${options[@]}" pkgnames | grep -E "^$2\$" | sort -V | tail -1) || true
    [ -n "$names" ] || fail "no package of $1 matches $2"
    echo "$names"
}

# debian_unpack SUITE ROOT PACKAGE...: downloads and unpacks into ROOT, nothing is installed.
debian_unpack() {
    local suite=$1 root=$2 options downloads
    shift 2
    mapfile -t options < <(debian_options "$suite")
    downloads=$(mktemp -d "$cache/download.XXXXXX")
    (cd "$downloads" && apt-get "${options[@]}" download "$@") || { rm -rf "$downloads"; fail "$suite: can't download $*"; }
    mkdir -p "$root"
    local package
    for package in "$downloads"/*.deb; do dpkg-deb -x "$package" "$root"; done
    rm -rf "$downloads"
}

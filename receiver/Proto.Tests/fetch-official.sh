#!/usr/bin/env bash
# Brings the official OTLP definitions (Debian sid, libopentelemetry-proto-dev) into .cache/otlp-proto/proto and prints that path.
# The package has no .proto files but what protoc made of them for C++: each *.pb.cc holds its file's serialized descriptor.
# apt runs on a state of its own; the system's lists and packages stay as they are.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
cache=$top/.cache/otlp-proto
version=1.11.0
package=libopentelemetry-proto-dev

fail() { echo "fetch-official.sh: $*" >&2; exit 1; }

if [ -f "$cache/version" ] && [ "$(cat "$cache/version")" = "$version" ]; then
  echo "$cache/proto"
  exit 0
fi

command -v apt-get >/dev/null || fail "apt-get is needed to fetch $package $version of Debian sid"
command -v dpkg-deb >/dev/null || fail "dpkg-deb is needed to unpack $package"

# The mirror this machine already uses; deb822 sources first, one-line sources else.
mirror=$(sed -n 's/^URIs:[[:space:]]*\([^[:space:]]*\/debian\/\?\)[[:space:]]*$/\1/p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -1)
[ -n "$mirror" ] || mirror=$(sed -n 's/^deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]*\/debian\/\?\)[[:space:]].*/\2/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | head -1)
mirror=${mirror:-http://deb.debian.org/debian}

state=$cache/apt
mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
echo "deb $mirror sid main" >"$state/sources.list"
options=(
  -o "Dir::Etc::SourceList=$state/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache"
  -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
)
# Once more after a moment: a mirror may be between two states.
again() { "$@" || { echo "fetch-official.sh: $1 failed, trying again" >&2; sleep 10; "$@"; }; }
again apt-get "${options[@]}" -qq update >&2 || fail "the package lists of Debian sid can't be fetched from $mirror"

found=$(apt-cache "${options[@]}" show "$package" | sed -n "s/^Version: \($version-.*\)/\1/p" | head -1)
[ -n "$found" ] || fail "$mirror has no $package $version (sid moved on?); the definitions here are pinned to that version"
(cd "$state/cache" && again apt-get "${options[@]}" -qq download "$package=$found" >&2) || fail "$package $found can't be downloaded"

rm -rf "$state/root" "$cache/proto"
dpkg-deb -x "$state/cache/${package}"_*.deb "$state/root" || fail "$package $found can't be unpacked"
source=$(find "$state/root" -name common.pb.cc -path "*/opentelemetry/proto/common/v1/*" | head -1)
source=${source%/common/v1/common.pb.cc}
[ -n "$source" ] || fail "$package $found holds no opentelemetry/proto/common/v1/common.pb.cc"
mkdir -p "$cache/proto/opentelemetry"
cp -r "$source" "$cache/proto/opentelemetry/proto"
find "$cache/proto" -type f ! -name '*.pb.cc' -delete
find "$cache/proto" -type f -name '*.grpc.pb.cc' -delete
rm -rf "$state"
echo "$version" >"$cache/version"
echo "$cache/proto"

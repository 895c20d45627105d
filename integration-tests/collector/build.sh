#!/usr/bin/env bash
# Builds .cache/collector/otelcol out of the Go libraries that Debian sid packages; no Go proxy is asked.
set -euo pipefail
. "$(dirname "$0")/../debian.sh"

source=$repository/integration-tests/collector
target=$cache/collector
wanted=$(cat "$source"/*.go "$source/packages.txt" | sha256sum | cut -d' ' -f1)
if [ -x "$target/otelcol" ] && [ "$(cat "$target/built-from" 2>/dev/null)" = "$wanted" ]; then exit 0; fi

root=$target/root
mkdir -p "$target"
if [ "$(cat "$root/unpacked" 2>/dev/null)" != "$(sha256sum < "$source/packages.txt")" ]; then
    echo "collector: fetching Go and the collector's libraries from Debian sid"
    debian_update sid
    rm -rf "$root"
    # shellcheck disable=SC2046
    debian_unpack sid "$root" $(cat "$source/packages.txt")
    sha256sum < "$source/packages.txt" > "$root/unpacked"
fi

echo "collector: building"
go=$(find "$root/usr/lib" -path '*/go-*/bin/go' | sort -V | tail -1)
[ -x "$go" ] || fail "no go in $root/usr/lib"
# In GOPATH mode a program is a package below src.
mkdir -p "$target/gopath/src/otelcol"
cp "$source"/*.go "$target/gopath/src/otelcol/"
export GOROOT; GOROOT=$(cd "$(dirname "$go")/.." && pwd)
export GOPATH=$target/gopath:$root/usr/share/gocode GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 GOCACHE=$target/go-build GOFLAGS=-buildvcs=false
"$go" build -trimpath -ldflags '-s -w' -o "$target/otelcol.new" otelcol || fail "the collector does not build"
mv "$target/otelcol.new" "$target/otelcol"
rm -rf "$target/go-build"
echo "$wanted" > "$target/built-from"
echo "collector: $target/otelcol ($(du -h "$target/otelcol" | cut -f1))"

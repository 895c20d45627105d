#!/usr/bin/env bash
# Builds and runs ebpf-receiver.
#   ./run.sh                 shows live what this machine does, and serves gRPC on 127.0.0.1:4327, metrics on 127.0.0.1:9464
#   ./run.sh build           stops after building out/ebpf-receiver
#   ./run.sh doctor          any other arguments go to the program
set -euo pipefail
cd "$(dirname "$0")"
. .ci/machine.sh

case $(uname -m) in
    x86_64) runtime=linux-x64 ;;
    aarch64) runtime=linux-arm64 ;;
    *) fail "$(uname -m) is not supported: x86-64 or arm64" ;;
esac

build() {
    local inputs=(receiver/Bpf receiver/Otlp receiver/Receiver receiver/CodeGeneration proto probes Directory.Build.props Directory.Packages.props)
    if [ -x out/ebpf-receiver ] \
        && [ -z "$(find "${inputs[@]}" \( -name bin -o -name obj \) -prune -o -type f -newer out/ebpf-receiver -print -quit)" ]; then
        return
    fi
    install clang:clang llvm-strip:llvm gcc:gcc /usr/include/zlib.h:zlib1g-dev /usr/include/linux/bpf.h:linux-libc-dev
    dotnet_sdk
    say "Building out/ebpf-receiver (the first time takes some minutes)"
    mkdir -p out .cache
    again dotnet restore receiver/Receiver -r $runtime --nologo -v quiet -nodeReuse:false || fail "the packages of NuGet can't be had"
    dotnet publish receiver/Receiver -c Release -r $runtime -o .cache/publish --nologo -v quiet -clp:ErrorsOnly -nodeReuse:false \
        || fail "the build failed"
    # Not over the file itself: it may be running.
    cp .cache/publish/ebpf-receiver out/ebpf-receiver.new
    mv out/ebpf-receiver.new out/ebpf-receiver
}

build
if [ "${1-}" = build ]; then
    echo "out/ebpf-receiver: $(du -h out/ebpf-receiver | cut -f1)"
    exit
fi
if [ ${#as_root[@]} -gt 0 ]; then
    # Environment variables configure exporters.
    exec sudo --preserve-env out/ebpf-receiver "$@"
fi
exec out/ebpf-receiver "$@"

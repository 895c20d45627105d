#!/usr/bin/env bash
# Installs what the tests need and runs them all: unit tests, then integration tests on real kernels and with real peers.
#   ./test.sh                all suites
#   ./test.sh Bpf Otlp       only the suites whose project name contains one of the words (Integration for the slow ones)
# The last line is "N passed, N failed, N skipped"; a failure makes the exit code 1. Results are in TestResults/.
set -euo pipefail
cd "$(dirname "$0")"
. .ci/machine.sh

suites=()
for project in receiver/*.Tests/*.csproj integration-tests/*.csproj; do
    for word in "${@:-.}"; do
        if [[ $project =~ $word ]]; then suites+=("$project"); break; fi
    done
done
[ ${#suites[@]} -gt 0 ] || fail "no suite matches $*"
integration=false
[[ " ${suites[*]} " =~ integration-tests/ ]] && integration=true

install clang:clang gcc:gcc /usr/include/zlib.h:zlib1g-dev bpftool:bpftool /usr/include/bpf/libbpf.h:libbpf-dev \
    /usr/sbin/biolatency:libbpf-tools promtool:prometheus perl:perl-base mount:mount mkfs.ext2:e2fsprogs fsfreeze:util-linux
if $integration; then
    install qemu-system-x86_64:qemu-system-x86 busybox:busybox-static bpftrace:bpftrace /usr/bin/python3:python3 openssl:openssl /usr/include/openssl/ssl.h:libssl-dev losetup:mount unshare:util-linux curl:curl strace:strace gdb:gdb systemd-analyze:systemd ip:iproute2 \
        mkfs.xfs:xfsprogs mkfs.btrfs:btrfs-progs /usr/lib/postgresql:postgresql node:nodejs npm:npm xz:xz-utils zstd:zstd lz4:lz4 llvm-objcopy:llvm
fi
dotnet_sdk
# Where maps are pinned. systemd mounts it; a machine without systemd may not have it.
if [ "$(stat -f -c %T /sys/fs/bpf)" != bpf_fs ] && "${as_root[@]}" mount -t bpf bpf /sys/fs/bpf; then
    trap '"${as_root[@]}" umount /sys/fs/bpf' EXIT
fi
./run.sh build
if $integration; then
    say "Fetching what the integration tests run against"
    for step in kernels/fetch.sh LoaderCases/build.sh collector/build.sh engine/fetch.sh clients/fetch.sh; do
        again integration-tests/$step || echo "error: $step failed, so will the tests that need it" >&2
    done
fi

rm -rf TestResults
mkdir -p TestResults
passed=0 failed=0 skipped=0
count() { grep -oE "<assembly [^>]*" "$1" | grep -oE " $2=\"[0-9]+\"" | grep -oE '[0-9]+'; }

for project in "${suites[@]}"; do
    directory=$(dirname "$project") name=$(basename "$project" .csproj) results=$PWD/TestResults/$(basename "$project" .csproj).xml
    say "$name"
    # A suite that hangs is ended. The slow one boots guests, emulated ones where there is no KVM, and gets more time.
    started=$SECONDS limit=1500
    [[ $project =~ ^integration-tests/ ]] && limit=2700
    # A build that fails, and a suite that dies without a result, are failures as well.
    code=0
    if again dotnet restore "$project" --nologo -v quiet -nodeReuse:false && dotnet build "$project" -c Release --nologo -v quiet "-clp:ErrorsOnly;NoSummary" -nodeReuse:false; then
        program=$(dotnet msbuild "$project" -getProperty:TargetPath -p:Configuration=Release)
        (cd "$directory" && timeout -k 30 $limit "${as_root[@]}" "${program%.dll}" -noColor -noLogo -result-xml "$results" < /dev/null) || code=$?
    else
        code=1
    fi
    if [ -s "$results" ] && [ -n "$(count "$results" total)" ]; then
        bad=$(($(count "$results" failed) + $(count "$results" errors)))
        [ "$code" = 0 ] || [ "$bad" -gt 0 ] || bad=1
        passed=$((passed + $(count "$results" passed))) failed=$((failed + bad)) skipped=$((skipped + $(count "$results" skipped)))
        # What was not tested is said by name, with the reason.
        perl -0777 -ne 'while (/<test name="([^"]*)"[^>]*result="Skip"[^>]*>(?:(?!<\/test>).)*?<reason>(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?<\/reason>/gs) { print "  skipped: $1: $2\n" }' "$results"
    else
        echo "  $name ended with code $code and without results"
        failed=$((failed + 1))
    fi
    echo "  $name took $((SECONDS - started)) s"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]

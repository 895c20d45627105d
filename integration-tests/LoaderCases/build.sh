#!/usr/bin/env bash
# Builds the program of the loader's cases: .cache/loader-cases/{loader-cases,probed}.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${EBPF_RECEIVER_CACHE:-$PWD/.cache}/loader-cases

inputs=(receiver/Bpf receiver/ProbeLanguage integration-tests/LoaderCases probes/bpf Directory.Build.props Directory.Packages.props)
if [ -x "$target/loader-cases" ] \
    && [ -z "$(find "${inputs[@]}" \( -name bin -o -name obj \) -prune -o -type f -newer "$target/loader-cases" -print -quit)" ]; then
    exit
fi
case $(uname -m) in
    aarch64) runtime=linux-arm64 ;;
    *) runtime=linux-x64 ;;
esac
echo "loader-cases: building"
dotnet publish integration-tests/LoaderCases -c Release -r $runtime -o "$target.new" --nologo -v quiet -clp:ErrorsOnly -nodeReuse:false
touch "$target.new/loader-cases"
rm -rf "$target"
mv "$target.new" "$target"

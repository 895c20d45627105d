#!/usr/bin/env bash
# Installs the packages that package.json names into .cache/clients, beside copies of the clients.
set -euo pipefail
. "$(dirname "$0")/../debian.sh"

source=$repository/integration-tests/clients
target=$cache/clients
mkdir -p "$target"
cp "$source"/*.js "$target/"
if cmp -s "$source/package.json" "$target/package.json" && [ -e "$target/complete" ]; then exit 0; fi
echo "clients: fetching gRPC and OpenTelemetry packages from npm"
rm -rf "$target/complete" "$target/node_modules" "$target/package-lock.json"
cp "$source/package.json" "$target/"
(cd "$target" && npm install --fetch-retries=4 --no-audit --no-fund --ignore-scripts --loglevel=error) || fail "npm can't install the clients' packages"
touch "$target/complete"

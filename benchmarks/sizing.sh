#!/usr/bin/env bash
# What one node costs at a given rate of events: CPU and memory of the receiver, OTLP it makes, and bytes on the wire with gzip, towards a real
# collector. docs/sizing.md has a result, and what it comes to for many nodes.
#   benchmarks/sizing.sh [SECONDS] [RATE...]      root; 30 seconds, rounded to 15, at each of 0, 1000 and 10000 events a second
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
# The page has the numbers of the last collection, so what lies between two readings is a number of intervals.
interval=15
seconds=$(((${1:-30} + interval - 1) / interval * interval)); shift || true
rates=("${@:-0}"); [ $# -gt 0 ] || rates=(0 1000 10000)
receiver=${EBPF_RECEIVER:-$repository/out/ebpf-receiver} collector=${OTELCOL:-$repository/.cache/collector/otelcol}
grpc_port=24317 own_port=24327 page_port=29464 closed_port=24399
work=$(mktemp -d)
[ "$(id -u)" = 0 ] || { echo "sizing: attaching probes needs root" >&2; exit 1; }
cc -O2 -o "$work/workload" "$repository/integration-tests/workload/workload.c" -pthread

pids=()
cleanup() { for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done; rm -rf "$work"; }
trap cleanup EXIT

cat > "$work/receiver.yaml" <<YAML
receiver: { endpoint: "127.0.0.1:$own_port" }
exporters:
  otlp: { endpoint: "http://127.0.0.1:$grpc_port" }
  prometheus: { endpoint: "127.0.0.1:$page_port" }
YAML
OTLP_ENDPOINT=127.0.0.1:$grpc_port "$collector" --config "$repository/integration-tests/collector/discard.yaml" > "$work/collector.log" 2>&1 & pids+=($!)

value() { awk -v name="$1" -v part="$2" 'index($0, name "{") == 1 && index($0, part) { sum += $NF } END { printf "%.3f\n", sum }' "$work/page"; }
# CPU seconds, items and bytes of OTLP delivered, bytes sent on the connection to the collector.
reading() {
    curl -sf -H 'Accept: text/plain' "http://127.0.0.1:$page_port/metrics" | grep 'job="ebpf-receiver"' > "$work/page"
    cpu=$(awk -v ticks="$(getconf CLK_TCK)" '{ print ($14 + $15) / ticks }' "/proc/$receiver_pid/stat")
    items=$(value ebpf_receiver_outlet_sent_total 'outlet_name="otlp"')
    otlp=$(value ebpf_receiver_outlet_io_bytes_total 'outlet_name="otlp"')
    wire=$(ss -tniH state established "dport = :$grpc_port" | grep -o 'bytes_sent:[0-9]*' | awk -F: '{ sum += $2 } END { print sum + 0 }')
}

echo "| events a second | CPU | resident memory | items a second | OTLP | on the wire, gzip |"
echo "| --- | --- | --- | --- | --- | --- |"
for rate in "${rates[@]}"; do
    "$receiver" run --config "$work/receiver.yaml" > "$work/receiver.log" 2>&1 & receiver_pid=$!
    pids+=("$receiver_pid")
    for _ in $(seq 300); do curl -sf "http://127.0.0.1:$page_port/readyz" > /dev/null && break; sleep 0.2; done
    # The first collection is after a second: this is between two of them, and so is the second reading.
    sleep $((interval + interval / 2))
    reading
    cpu_before=$cpu items_before=$items otlp_before=$otlp wire_before=$wire
    begun=$(date +%s%N) slice=0
    while [ $(($(date +%s%N) - begun)) -lt $((seconds * 1000000000)) ]; do
        [ "$rate" = 0 ] || "$work/workload" refused 127.0.0.1 $closed_port $((rate / 4)) > /dev/null
        slice=$((slice + 1))
        rest=$((begun + slice * 250000000 - $(date +%s%N)))
        [ "$rest" -le 0 ] || sleep "0.$(printf '%09d' "$rest")"
    done
    elapsed=$(($(date +%s%N) - begun))
    reading
    resident=$(awk '/^VmRSS:/ { print $2 }' "/proc/$receiver_pid/status")
    awk -v rate="$((slice * (rate / 4) * 1000000000 / elapsed))" -v time="$elapsed" -v cpu="$cpu" -v cpu0="$cpu_before" -v items="$items" -v items0="$items_before" \
        -v otlp="$otlp" -v otlp0="$otlp_before" -v wire="$wire" -v wire0="$wire_before" -v rss="$resident" 'BEGIN { s = time / 1e9
        printf "| %d | %.1f%% of one | %.0f MB | %.0f | %.1f kB/s | %.1f kB/s |\n", rate, (cpu - cpu0) / s * 100, rss * 1.024 / 1000, (items - items0) / s, (otlp - otlp0) / s / 1000, (wire - wire0) / s / 1000 }'
    kill -TERM "$receiver_pid"
    wait "$receiver_pid" || true
done

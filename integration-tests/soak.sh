#!/usr/bin/env bash
# Runs out/ebpf-receiver under load for a while and judges it: 20,000 events a second, a real collector that is restarted, probes attached and
# detached, the configuration reloaded. Memory has to stay flat, files and BPF objects must not grow, and no loss may go uncounted.
#   integration-tests/soak.sh [SECONDS] [REPORT]     root; 1800 seconds; the report is Markdown, and goes to docs/soak.md after half an hour or more,
#                                                    else to the terminal, if no file is named
#   EBPF_RECEIVER, OTELCOL, WORKLOAD                 other programs than those that ./run.sh, collector/build.sh and this script build
# Uses bash, awk, curl, cc and /proc, and the receiver's own /metrics.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
seconds=${1:-1800} report=${2-}
[ -n "$report" ] || [ "$seconds" -lt 1800 ] || report=$repository/docs/soak.md
receiver=${EBPF_RECEIVER:-$repository/out/ebpf-receiver} collector=${OTELCOL:-$repository/.cache/collector/otelcol}
rate=20000 slices=4 every=5
grpc_port=24317 own_port=24327 page_port=29464 closed_port=24399
page=http://127.0.0.1:$page_port
work=$(mktemp -d)
fail() { echo "soak: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "attaching probes needs root"
[ "$seconds" -ge 30 ] || fail "it takes 30 seconds at least"
for program in "$receiver" "$collector"; do [ -x "$program" ] || fail "$program is not there"; done

workload=${WORKLOAD:-$work/workload}
[ -x "$workload" ] || cc -O2 -o "$workload" "$repository/integration-tests/workload/workload.c" -pthread

# Ends what was started here, and nothing else.
pids=()
cleanup() { for pid in "${pids[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done; rm -rf "$work"; }
trap cleanup EXIT
forget() { local kept=() pid; for pid in "${pids[@]}"; do [ "$pid" = "$1" ] || kept+=("$pid"); done; pids=("${kept[@]}"); }

mkdir "$work/probes"
cat > "$work/receiver.yaml" <<YAML
receiver: { endpoint: "127.0.0.1:$own_port" }
probes: { files: ["$work/probes"] }
exporters:
  otlp: { endpoint: "http://127.0.0.1:$grpc_port", timeout: 2s }
  prometheus: { endpoint: "127.0.0.1:$page_port" }
metrics: { interval: 5s }
YAML
probe() {
    cat <<YAML
version: 1
probes:
  - name: soak
    on: "tracepoint:syscalls:sys_enter_connect"
    emit: [{ sum: { name: soak.connects, unit: "{call}", value: 1, attributes: [comm] } }]
YAML
}

start_collector() {
    OTLP_ENDPOINT=127.0.0.1:$grpc_port "$collector" --config "$repository/integration-tests/collector/discard.yaml" >> "$work/collector.log" 2>&1 &
    collector_pid=$!; pids+=("$collector_pid")
}
stop_collector() {
    kill -TERM "$collector_pid" || true
    for _ in $(seq 100); do kill -0 "$collector_pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$collector_pid" 2>/dev/null || true
    wait "$collector_pid" 2>/dev/null || true
    forget "$collector_pid"
}

# The page's own series, and sums of them: value 'NAME' ['LABELS that the line must have'].
series=0
fetch() {
    curl -sf --max-time 10 -H 'Accept: text/plain' -o "$work/page.all" "$page/metrics" || return 1
    series=$(grep -vc '^#' "$work/page.all")
    grep 'job="ebpf-receiver"' "$work/page.all" > "$work/page.new" && mv "$work/page.new" "$work/page"
}
value() { awk -v name="$1" -v part="${2-}" 'index($0, name "{") == 1 && (part == "" || index($0, part)) { sum += $NF } END { printf "%.0f\n", sum }' "$work/page"; }
lost() { awk -v name="$1" 'index($0, name "{") == 1 { sum += $NF } END { printf "%.0f\n", sum }' "$work/page"; }
memory() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$receiver_pid/status"; }
files() { ls "/proc/$receiver_pid/fd" | wc -l; }
objects() { cat "/proc/$receiver_pid"/fdinfo/* 2>/dev/null | grep -cE '^(prog_id|map_id|link_id):' || true; }

# Whether SIGHUP, the first signal, is caught.
reloads() { [ $((0x$(awk '/^SigCgt:/ { print $2 }' "/proc/$receiver_pid/status") & 1)) = 1 ]; }

start_collector
"$receiver" run --config "$work/receiver.yaml" > "$work/receiver.log" 2>&1 & receiver_pid=$!
pids+=("$receiver_pid")
for _ in $(seq 300); do curl -sf "$page/readyz" > /dev/null && break; sleep 0.2; done
curl -sf "$page/readyz" > /dev/null || { tail -5 "$work/receiver.log" >&2; fail "the receiver is not ready"; }

# The load: a slice, then the rest of its time. A machine that can't keep up gets less, and the report says how much it was.
(
    begun=$(date +%s%N) slice=0
    while [ $(($(date +%s%N) - begun)) -lt $((seconds * 1000000000)) ]; do
        "$workload" refused 127.0.0.1 $closed_port $((rate / slices)) > /dev/null
        slice=$((slice + 1))
        rest=$((begun + slice * 1000000000 / slices - $(date +%s%N)))
        [ "$rest" -le 0 ] || sleep "$(printf '%d.%09d' $((rest / 1000000000)) $((rest % 1000000000)))"
    done
) & load_pid=$!
pids+=("$load_pid")

begun=$SECONDS step=0 attached=0 reloaded=0 restarted=0 files_before=0 bpf_before=0
echo "second rss_kib files bpf produced delivered dropped queue anon_kib series" > "$work/samples"
while kill -0 "$load_pid" 2>/dev/null; do
    sleep "$every"
    kill -0 "$receiver_pid" 2>/dev/null || { tail -5 "$work/receiver.log" >&2; fail "the receiver ended"; }
    step=$((step + 1))
    [ "$step" -gt 1 ] || { files_before=$(files) bpf_before=$(objects); }
    # A file that comes is a probe that is attached, one that goes is detached.
    if [ $((step % 2)) = 1 ]; then probe > "$work/probes/soak.yaml"; attached=$((attached + 1)); else rm -f "$work/probes/soak.yaml"; fi
    # One exporter takes the place of another, and the log says more or less.
    if [ $((step % 3)) = 0 ]; then
        if [ $((step % 6)) = 0 ]; then level=info timeout=2s; else level=warning timeout=3s; fi
        sed -i -e '/^log:/d' -e "s/timeout: [23]s/timeout: $timeout/" "$work/receiver.yaml"; echo "log: { level: $level }" >> "$work/receiver.yaml"
        # One that does not reload would end by this signal.
        if reloads; then kill -HUP "$receiver_pid"; reloaded=$((reloaded + 1)); fi
    fi
    if [ $((step % 5)) = 0 ]; then stop_collector; sleep 2; start_collector; restarted=$((restarted + 1)); fi
    fetch || continue
    echo "$((SECONDS - begun)) $(memory VmRSS) $(files) $(objects) $(value ebpf_receiver_samples_produced_total) $(value ebpf_receiver_samples_delivered_total)" \
        "$(lost ebpf_receiver_samples_dropped_total) $(value ebpf_receiver_outlet_queue_size 'outlet_name="otlp"')" \
        "$(memory RssAnon) $series" >> "$work/samples"
done
wait "$load_pid" || true
forget "$load_pid"
elapsed=$((SECONDS - begun))

# As many as before the first probe came, once the last one is gone.
rm -f "$work/probes/soak.yaml"
for _ in $(seq 60); do
    files_after=$(files) bpf_after=$(objects)
    if [ "$files_after" -le $((files_before + 5)) ] && [ "$bpf_after" -le $((bpf_before + 5)) ]; then break; fi
    sleep 0.5
done

# What waits in buffers and queues is neither delivered nor lost: it is asked until all has settled.
balanced=no produced=0 delivered=0 dropped=0 accepted=0 sent=0 gone=0 full=0
for _ in $(seq 60); do
    sleep 1
    fetch || continue
    produced=$(value ebpf_receiver_samples_produced_total) delivered=$(value ebpf_receiver_samples_delivered_total) dropped=$(lost ebpf_receiver_samples_dropped_total)
    accepted=$(value ebpf_receiver_outlet_accepted_total 'outlet_name="otlp"') sent=$(value ebpf_receiver_outlet_sent_total 'outlet_name="otlp"')
    full=$(value ebpf_receiver_outlet_dropped_total 'drop_cause="queue_full",ebpf_receiver_outlet_name="otlp"')
    gone=$(($(value ebpf_receiver_outlet_refused_total 'outlet_name="otlp"') + $(value ebpf_receiver_outlet_failed_total 'outlet_name="otlp"')))
    queue=$(value ebpf_receiver_outlet_queue_size 'outlet_name="otlp"')
    [ "$produced" = $((delivered + dropped)) ] && [ "$queue" = 0 ] && [ "$accepted" = $((sent + gone)) ] && { balanced=yes; break; }
done

mapfile -t programs < <(cat "/proc/$receiver_pid"/fdinfo/* 2>/dev/null | awk '/^prog_id:/ { print $2 }' | sort -u)
kill -TERM "$receiver_pid"
exit_code=0; wait "$receiver_pid" || exit_code=$?
forget "$receiver_pid"
# The kernel lets go of them a while after the last file is closed.
for _ in $(seq 50); do
    left=0
    for id in "${programs[@]}"; do if bpftool prog show id "$id" > /dev/null 2>&1; then left=$((left + 1)); fi; done
    if [ "$left" = 0 ]; then break; fi
    sleep 0.2
done
stop_collector

# The medians of a column in the second and in the last quarter: the first quarter is warming up.
median() { awk -v column="$1" -v from="$2" -v to="$3" 'NR > 1 { all[++n] = $column } END { for (i = int(n * from) + 1; i <= int(n * to); i++) print all[i] }' "$work/samples" \
    | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
rss_before=$(median 2 0.25 0.5) rss_after=$(median 2 0.75 1)

verdict=0
judge() { if [ "$2" = yes ]; then echo "| $1 | yes |"; else echo "| $1 | **no** |"; verdict=1; fi; }
holds() { if [ "$@" ]; then echo yes; else echo no; fi; }
{
    echo "# Soak"
    echo
    echo "Written by \`integration-tests/soak.sh $seconds\` on $(date -u +%F), Linux $(uname -r), $(nproc) CPUs. The collector was restarted $restarted times, the"
    echo "configuration reloaded $reloaded times, and a probe attached and detached $attached times, while $((produced / elapsed)) samples a second were produced for $elapsed s."
    echo
    echo "| | held |"
    echo "| --- | --- |"
    # A heap takes minutes to find its size: before that there is only a bound.
    if [ "$seconds" -lt 300 ]; then judge "resident memory is below 300 MiB: $((rss_after / 1024)) MiB" "$(holds "$rss_after" -le $((300 * 1024)))"
    else judge "resident memory is flat: $((rss_before / 1024)) MiB in the second quarter, $((rss_after / 1024)) MiB in the last" "$(holds "$rss_after" -le $((rss_before + rss_before / 10 + 4096)))"; fi
    judge "no file stays open: $files_before before the probes came and went, $files_after after" "$(holds "$files_after" -le $((files_before + 5)))"
    judge "no BPF program, map or link stays: $bpf_before before, $bpf_after after" "$(holds "$bpf_after" -le $((bpf_before + 5)))"
    judge "every sample is accounted for: $produced produced = $delivered delivered + $dropped dropped" "$(holds "$produced" = $((delivered + dropped)))"
    judge "every item is accounted for: $accepted accepted = $sent sent + $gone lost; $full more did not fit the queue" "$(holds "$accepted" = $((sent + gone)))"
    judge "all buffers and queues were empty in the end" "$balanced"
    judge "it stopped with exit code 0" "$(holds "$exit_code" = 0)"
    judge "none of its ${#programs[@]} programs stayed in the kernel" "$(holds "$left" = 0)"
    echo
    echo "What was dropped, by cause:"
    echo
    echo '```'
    awk '/^ebpf_receiver_(samples|outlet|items)_dropped_total/ && $NF > 0 { sub(/,?instance="[^"]*"/, ""); sub(/,?job="[^"]*"/, ""); print }' "$work/page"
    echo '```'
    echo
    echo "Every so often:"
    echo
    echo '```'
    awk -v lines="$(wc -l < "$work/samples")" 'NR == 1 || NR == lines || (NR - 2) % int(lines / 20 + 1) == 0' "$work/samples" | column -t
    echo '```'
} > "$work/report"
if [ -n "$report" ]; then cp "$work/report" "$report"; else cat "$work/report"; fi
exit "$verdict"

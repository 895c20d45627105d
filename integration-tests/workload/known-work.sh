#!/bin/sh
# Runs the receiver around work whose numbers are known, on any kernel: what the tests compare is left in OUT.
#   known-work.sh ATTACH OUT
# The environment names RECEIVER, WORKLOAD, TLS, BPFTOOL, CERTIFICATE, KEY, DEVICE, FOUND, MISSING and BASE_PORT.
attach=$1 out=$2
mkdir -p "$out"
cd "$out" || exit 1

fail() { echo "known-work: $*" >&2; tail -n 40 receiver.log >&2; [ -z "$receiver" ] || kill -9 "$receiver"; exit 1; }
uptime() { cut -d' ' -f1 /proc/uptime; }
# tries COMMAND...: until it succeeds, for a minute or two.
tries() {
	left=600
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		kill -0 "$receiver" 2> /dev/null || return 1
		sleep 0.1
	done
}
page() { "$WORKLOAD" get 127.0.0.1 $((BASE_PORT + 1)) "$1" > "$2" 2> /dev/null; }
listens() { [ -s "$1" ]; }

cat > config.yaml << YAML
# Taking fifty programs off their hooks takes an emulated machine seconds.
receiver: { endpoint: "127.0.0.1:$BASE_PORT", stop_timeout: 60s }
# The probes in C alone: the more hooks there are, the more often the kernel skips a kprobe that interrupts another.
probes: { attach: $attach, map_entries: { sched_processes: 1024 }, catalogue: { enabled: false } }
exporters:
  file: { path: $out/telemetry.jsonl }
  prometheus: { endpoint: "127.0.0.1:$((BASE_PORT + 1))" }
metrics: { interval: 1s }
YAML

echo "${DEVICE##*/}" > device
uptime > starting
"$RECEIVER" run --config config.yaml > receiver.log 2>&1 &
receiver=$!
echo $receiver > receiver.pid
tries page readyz readyz || fail "the receiver did not become ready"
uptime > ready

# pair NAME PROGRAM SERVER-ARGUMENTS -- CLIENT-ARGUMENTS
pair() {
	name=$1 program=$2 server=$3 client=$4
	# shellcheck disable=SC2086
	"$program" serve $server > "$name-server" 2>> errors &
	serving=$!
	tries listens "$name-server" || fail "$name: no server"
	# shellcheck disable=SC2086
	"$program" connect $client > "$name-client" 2>> errors || fail "$name: the client failed"
	wait $serving || fail "$name: the server failed"
}
# work NAME ARGUMENTS...
work() {
	name=$1
	shift
	"$WORKLOAD" "$@" > "$name" 2>> errors || fail "$name failed"
}

# Before what makes many processes: the series of those may use up the default capacity of a probe's map.
work pingpong pingpong 500
pair tcp4 "$WORKLOAD" "127.0.0.1 $((BASE_PORT + 10)) 1000 1000 3000" "127.0.0.1 $((BASE_PORT + 10)) 1000 1000 3000"
pair tcp6 "$WORKLOAD" "::1 $((BASE_PORT + 11)) 50 100000 7" "::1 $((BASE_PORT + 11)) 50 100000 7"
work refused refused 127.0.0.1 $((BASE_PORT + 12)) 5
work timeout timeout 127.0.0.1 $((BASE_PORT + 13))
work exec exec 200 7 "known-$attach"
work kill kill 5 15 "killed-$attach"
work lookup-found lookup "$FOUND" 20 found
work lookup-missing lookup "$MISSING" 10 missing
work lookup-old lookup-old "$FOUND" 10 found
pair tls "$TLS" "$((BASE_PORT + 14)) 10 40000 100 $CERTIFICATE $KEY" "$((BASE_PORT + 14)) 10 40000 100"
work block-read block "$DEVICE" 256 4096 read
work block-write block "$DEVICE" 128 8192 write

# Two intervals, so that every counter was collected after the work.
sleep 3
page metrics metrics || fail "no metrics page"
# What it has in the kernel, by the descriptors that it holds.
cat /proc/$receiver/fdinfo/* 2> /dev/null | grep -E '^prog_id:' | grep -oE '[0-9]+' | sort -u > programs-running
cat /proc/$receiver/fdinfo/* 2> /dev/null | grep -E '^map_id:' | grep -oE '[0-9]+' | sort -u > maps-running
cat "/proc/$receiver/status" > receiver.status

uptime > stopping
kill -TERM $receiver
wait $receiver
echo $? > receiver.exit
uptime > stopped
receiver=
# The kernel frees what was let go after a grace period, and a loaded machine takes its time.
sleep 3
# still FILE LIST: whether one of the ids in the file is in bpftool's list.
still() {
	while read -r id; do
		case $2 in *"\"id\":$id,"*) return 0 ;; esac
	done < "$1"
	return 1
}
left=120
while still programs-running "$("$BPFTOOL" -j prog list 2>> errors)" || still maps-running "$("$BPFTOOL" -j map list 2>> errors)"; do
	left=$((left - 1))
	[ $left -gt 0 ] || break
	sleep 0.5
done
"$BPFTOOL" -j prog list > programs-after 2>> errors
"$BPFTOOL" -j map list > maps-after 2>> errors
"$BPFTOOL" -j link list > links-after 2>> errors
cat /sys/kernel/tracing/kprobe_events /sys/kernel/tracing/uprobe_events > probe-events-after 2> /dev/null
exit 0

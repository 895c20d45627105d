/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* The probes of ProbeCostBenchmark as a person writes them in C. */
#include "bpf.h"
#include "histogram.h"

struct raw_arguments {
	unsigned long arguments[2];
};

CONSTANT __u32 target = 0;

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 256);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
} calls SEC(".maps");

SEC("raw_tp/sys_enter")
int count(struct raw_arguments *context)
{
	__u32 pid = current_pid_tgid() >> 32;
	__u64 zero = 0, *value;

	if (pid != target)
		return 0;
	value = map_lookup(&calls, &pid);
	if (!value) {
		map_update(&calls, &pid, &zero, UPDATE_NOEXIST);
		value = map_lookup(&calls, &pid);
		if (!value)
			return 0;
	}
	ADD(*value, 1);
	return 0;
}

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_NUMBER(max_entries, 10240);
	MAP_TYPE(key, __u64);
	MAP_TYPE(value, __u64);
} starts SEC(".maps");

struct latency_key {
	char comm[16];
};

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 256);
	MAP_TYPE(key, struct latency_key);
	MAP_TYPE(value, struct histogram_scale2);
} latencies SEC(".maps");

static const struct histogram_scale2 zeros;

SEC("raw_tp/sys_enter")
int start(struct raw_arguments *context)
{
	__u64 thread = current_pid_tgid(), now;

	if (thread >> 32 != target)
		return 0;
	now = monotonic_time();
	map_update(&starts, &thread, &now, UPDATE_ANY);
	return 0;
}

SEC("raw_tp/sys_exit")
int end(struct raw_arguments *context)
{
	__u64 thread = current_pid_tgid(), now = monotonic_time(), *start;
	struct histogram_scale2 *histogram;
	struct latency_key key;

	if (thread >> 32 != target)
		return 0;
	start = map_lookup(&starts, &thread);
	if (!start)
		return 0;
	current_comm(&key.comm, sizeof(key.comm));
	histogram = map_lookup(&latencies, &key);
	if (!histogram) {
		map_update(&latencies, &key, &zeros, UPDATE_NOEXIST);
		histogram = map_lookup(&latencies, &key);
	}
	if (histogram)
		observe_scale2(histogram, now - *start, false);
	map_delete(&starts, &thread);
	return 0;
}

EXPORT_LICENSE;

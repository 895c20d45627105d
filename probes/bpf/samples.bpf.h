/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* The two maps that all probes share, and the only way a sample leaves. */
#ifndef PROBES_SAMPLES_BPF_H
#define PROBES_SAMPLES_BPF_H

#include "bpf.h"
#include "samples.h"

#define ENOMEM 12
#define EEXIST 17
#define ENOSPC 28

struct {
	MAP_NUMBER(type, MAP_PERF_EVENT_ARRAY);
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 4);
} samples SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_NUMBER(max_entries, SAMPLE_KINDS);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct sample_counters);
} sample_counters SEC(".maps");

/* Never read: keeps every layout in this object's BTF. */
const union sample_layouts *CONSTANT sample_layouts SEC(".rodata") = 0;

INLINE struct sample_counters *counters_of(__u32 kind)
{
	return map_lookup(&sample_counters, &kind);
}

INLINE void count_state_full(__u32 kind)
{
	struct sample_counters *counters = counters_of(kind);

	if (counters)
		ADD(counters->state_full, 1);
}

/* The caller has filled the sample but for its kind and time. */
INLINE void send_sample(void *context, __u16 kind, struct sample_header *sample, __u64 size)
{
	struct sample_counters *counters = counters_of(kind);
	long result;

	if (!counters)
		return;
	sample->kind = kind;
	ADD(counters->produced, 1);
	result = perf_event_output(context, &samples, CURRENT_CPU, sample, size);
	if (result == -ENOSPC)
		ADD(counters->buffer_full, 1);
	else if (result < 0)
		ADD(counters->failed, 1);
}

/*
 * The value of a key in a per-CPU map of aggregates, made of zeros if it is new; the overflow series if the map is full.
 * Null only where there is no overflow series either, and that is counted as a loss.
 */
INLINE void *aggregate_of(const void *map, const void *key, const void *zeros, const void *overflow_key, __u32 kind)
{
	struct sample_counters *counters;
	void *value = map_lookup(map, key);

	if (value)
		return value;
	map_update(map, key, zeros, UPDATE_NOEXIST);
	value = map_lookup(map, key);
	if (value)
		return value;
	value = map_lookup(map, overflow_key);
	counters = counters_of(kind);
	if (counters)
		ADD(*(value ? &counters->overflowed : &counters->state_full), 1);
	return value;
}

#endif

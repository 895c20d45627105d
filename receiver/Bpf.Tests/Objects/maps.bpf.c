/* Maps of each kind that is read in batches, filled by user space. */
#include "bpf.h"

struct pair {
	__u32 first;
	__u32 second;
};

struct odd {
	__u8 bytes[12]; /* no multiple of 8: rounded up in per-CPU maps */
};

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, struct pair);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 5000);
} hash SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct odd);
	MAP_NUMBER(max_entries, 300);
} percpu_hash SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u32);
	MAP_NUMBER(max_entries, 100);
} array SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct odd);
	MAP_NUMBER(max_entries, 10);
} percpu_array SEC(".maps");

struct {
	MAP_NUMBER(type, 11); /* LPM trie: its keys are walked one by one on older kernels */
	MAP_TYPE(key, struct pair);
	MAP_TYPE(value, __u32);
	MAP_NUMBER(max_entries, 64);
	MAP_NUMBER(map_flags, 1);
} trie SEC(".maps");

CONSTANT __u32 constant = 7;

SEC("raw_tp/sched_process_exit") int touches_them(void *context)
{
	struct pair pair = {0, 0};
	__u32 key = constant;

	(void)context;
	map_lookup(&hash, &pair);
	map_lookup(&percpu_hash, &key);
	map_lookup(&array, &key);
	map_lookup(&percpu_array, &key);
	map_lookup(&trie, &pair);
	return 0;
}

EXPORT_LICENSE;

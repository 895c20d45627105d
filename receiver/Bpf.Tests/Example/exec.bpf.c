/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* What the first program of receiver/Bpf/README.md loads: programs that users start, by user. */
#define SEC(name) __attribute__((section(name), used))

const volatile unsigned int minimum_uid = 0;

struct {
	int (*type)[4]; /* BPF_MAP_TYPE_PERF_EVENT_ARRAY */
	int (*key_size)[4];
	int (*value_size)[4];
} samples SEC(".maps");

struct {
	int (*type)[5]; /* BPF_MAP_TYPE_PERCPU_HASH */
	unsigned int *key;
	unsigned long *value;
	int (*max_entries)[16];
} counts SEC(".maps");

static void *(*map_lookup)(const void *map, const void *key) = (void *)1;
static long (*map_update)(const void *map, const void *key, const void *value, unsigned long flags) = (void *)2;
static unsigned long (*current_uid_gid)(void) = (void *)15;
static long (*perf_event_output)(void *context, const void *map, unsigned long flags, const void *data, unsigned long size) = (void *)25;

SEC("tp_btf/sched_process_exec") int on_exec(void *context)
{
	unsigned int user = current_uid_gid();
	unsigned long one = 1, *count;

	if (user < minimum_uid)
		return 0;
	count = map_lookup(&counts, &user);
	if (count)
		(*count)++;
	else
		map_update(&counts, &user, &one, 0);
	perf_event_output(context, &samples, 0xffffffff, &user, sizeof(user));
	return 0;
}

char program_license[] SEC("license") = "Dual BSD/GPL";

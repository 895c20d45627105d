/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Arrays of programs and of maps with entries of the object's own. */
#define SEC(name) __attribute__((section(name), used))
#define NUMBER(name, value) int (*name)[value]
typedef unsigned int u32;

char declared_license[] SEC("license") = "Dual BSD/GPL";

int jumped(void *context);

struct inner {
	NUMBER(type, 2);
	NUMBER(max_entries, 3);
	u32 *key;
	u32 *value;
};
struct inner first SEC(".maps");
struct inner second SEC(".maps");

struct {
	NUMBER(type, 12);
	NUMBER(max_entries, 4);
	NUMBER(key_size, 4);
	struct inner *values[];
} outer SEC(".maps") = { .values = { [1] = (void *)&second, [3] = (void *)&first } };

struct {
	NUMBER(type, 3);
	NUMBER(max_entries, 6);
	NUMBER(key_size, 4);
	int (*values[])(void *);
} programs SEC(".maps") = { .values = { [5] = jumped } };

static long (*bpf_tail_call)(void *context, void *map, u32 index) = (void *)12;

int reached;

SEC("raw_tp/sys_enter") int jumps(void *context)
{
	bpf_tail_call(context, &programs, 5);
	return 0;
}

SEC("raw_tp/sys_enter") int jumped(void *context)
{
	reached = 7;
	return 0;
}

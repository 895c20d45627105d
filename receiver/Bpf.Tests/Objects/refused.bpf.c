/* Programs that a kernel has reason to refuse. */
#include "bpf.h"

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 16);
} table SEC(".maps");

struct task_struct {
	int no_such_field;
} __attribute__((preserve_access_index));

SEC("raw_tp/sched_switch") int unchecked_lookup(void *context)
{
	__u32 key = 1;
	__u64 *value = map_lookup(&table, &key);

	(void)context;
	return *value; /* may be NULL */
}

SEC("raw_tp/sched_switch") int missing_field(void *context)
{
	struct task_struct *task = (void *)current_task();
	int value = 0;

	(void)context;
	probe_read_kernel(&value, sizeof(value), &task->no_such_field);
	return value;
}

SEC("tp_btf/no_such_tracepoint") int missing_tp_btf(void *context)
{
	(void)context;
	return 0;
}

SEC("raw_tp/no_such_tracepoint") int missing_raw_tp(void *context)
{
	(void)context;
	return 0;
}

SEC("tp/sched/no_such_tracepoint") int missing_tp(void *context)
{
	(void)context;
	return 0;
}

SEC("raw_tp/sched_process_exit") int too_many_arguments(__u64 *context)
{
	return context[11] != 0;
}

static long (*no_such_helper)(void) = (void *)9999;

SEC("raw_tp/sched_switch") int unknown_helper(void *context)
{
	(void)context;
	return no_such_helper();
}

EXPORT_LICENSE;

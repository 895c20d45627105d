/* Programs that every kernel has reason to refuse. */
#include "check.h"

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 16);
} table SEC(".maps");

SEC("raw_tp/sched_switch") int unchecked_lookup(void *context)
{
	__u32 key = 1;
	__u64 *value = map_lookup(&table, &key);

	return *value; /* may be NULL */
}

SEC("tp_btf/no_such_tracepoint") int missing_tp_btf(void *context)
{
	return 0;
}

SEC("raw_tp/no_such_tracepoint") int missing_raw_tp(void *context)
{
	return 0;
}

SEC("tp/sched/no_such_tracepoint") int missing_tp(void *context)
{
	return 0;
}

SEC("kprobe/no_such_function") int missing_kprobe(void *context)
{
	return 0;
}

SEC("kretprobe/no_such_function") int missing_kretprobe(void *context)
{
	return 0;
}

SEC("fentry/no_such_function") int missing_fentry(void *context)
{
	return 0;
}

SEC("raw_tp/sched_process_exit") int too_many_arguments(__u64 *context)
{
	return context[11] != 0;
}

static long (*no_such_helper)(void) = (void *)9999;

SEC("raw_tp/sched_switch") int unknown_helper(void *context)
{
	return no_such_helper();
}

SEC("raw_tp/sched_switch") int endless(void *context)
{
	__u64 number = 5;

	for (;;) {
		OPAQUE(number);
		if (!number)
			break;
		number = 5;
	}
	return 0;
}

EXPORT_LICENSE;

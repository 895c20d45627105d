/* One program for each way to attach, which checks the arguments that this way gives it. */
#include "check.h"

CONSTANT __u32 probed = 0; /* process id of the program to probe */
CONSTANT __s64 result = 0; /* what getpgid(0x5a17) gives */

INLINE struct verdict *of_target(void)
{
	return current_pid_tgid() >> 32 == target ? find_verdict() : 0;
}

/* Calls of others than the trigger don't count. */
INLINE struct verdict *if_trigger(const struct pt_regs *registers)
{
	struct verdict *v = of_target();
	__u64 argument = 0;

	if (!v)
		return 0;
	probe_read_kernel(&argument, sizeof(argument), &FIRST_ARGUMENT(registers));
	if ((__u32)argument != TRIGGER)
		return 0;
	v->runs++;
	return v;
}

CHECKS(on_raw_tp)
{
	CHECK(context->value[1] == SYSCALL_GETPGID);
	return 0;
}

SEC("tp_btf/sys_enter") int on_tp_btf(__u64 *context)
{
	struct verdict *v = of_target();
	const struct pt_regs *registers = (const void *)context[0];

	if (!v || context[1] != SYSCALL_GETPGID || (__u32)FIRST_ARGUMENT(registers) != TRIGGER)
		return 0;
	v->runs++;
	CHECK(current_pid_tgid() >> 32 == target);
	return 0;
}

struct sys_enter {
	__u64 common;
	__u64 id;
	__u64 arguments[6];
};

SEC("tp/raw_syscalls/sys_enter") int on_tracepoint(struct sys_enter *context)
{
	struct verdict *v = of_target();

	if (!v || context->id != SYSCALL_GETPGID || (__u32)context->arguments[0] != TRIGGER)
		return 0;
	v->runs++;
	return 0;
}

SEC("tp/syscalls/sys_exit_getpgid") int on_syscall_exit(struct sys_enter *context)
{
	struct verdict *v = of_target();

	if (!v || (__s64)context->arguments[0] != result)
		return 0;
	v->runs++;
	return 0;
}

SEC("kprobe/" SYS_GETPGID) int on_kprobe(struct pt_regs *context)
{
	struct verdict *v = if_trigger((const void *)ARGUMENT1(context));

	if (!v)
		return 0;
	CHECK(current_pid_tgid() >> 32 == target);
	return 0;
}

SEC("kretprobe/" SYS_GETPGID) int on_kretprobe(struct pt_regs *context)
{
	struct verdict *v = of_target();

	if (!v || (__s64)RESULT(context) != result)
		return 0;
	v->runs++;
	return 0;
}

SEC("fentry/" SYS_GETPGID) int on_fentry(__u64 *context)
{
	const struct pt_regs *registers = (const void *)context[0];
	struct verdict *v = of_target();

	if (!v || (__u32)FIRST_ARGUMENT(registers) != TRIGGER)
		return 0;
	v->runs++;
	return 0;
}

SEC("fexit/" SYS_GETPGID) int on_fexit(__u64 *context)
{
	const struct pt_regs *registers = (const void *)context[0];
	struct verdict *v = of_target();

	if (!v || (__u32)FIRST_ARGUMENT(registers) != TRIGGER)
		return 0;
	v->runs++;
	CHECK((__s64)context[1] == result);
	return 0;
}

/* probed_function(i) for i from 0 on, and what it gives, 2 i. */
SEC("uprobe") int on_uprobe(struct pt_regs *context)
{
	struct verdict *v = find_verdict();

	if (!v)
		return 0;
	CHECK(current_pid_tgid() >> 32 == probed);
	CHECK(ARGUMENT1(context) == v->runs);
	v->runs++;
	return 0;
}

SEC("uretprobe") int on_uretprobe(struct pt_regs *context)
{
	struct verdict *v = find_verdict();

	if (!v)
		return 0;
	CHECK(current_pid_tgid() >> 32 == probed);
	CHECK(RESULT(context) == 2 * v->runs);
	v->runs++;
	return 0;
}

/*
 * Run by processes that take turns on a CPU, some of the turns in the middle of it: what it has on its stack must stay what it was.
 * Facts: 0 runs, 1 runs in which it did not.
 */
SEC("uprobe") int on_turns(struct pt_regs *context)
{
	struct verdict *v = find_verdict();
	__u64 id = current_pid_tgid(), bad = 0;
	volatile __u64 kept[16];

	if (!v)
		return 0;
	for (int i = 0; i < 16; i++)
		kept[i] = id + i;
	for (int round = 0; round < 100; round++) {
		for (int i = 0; i < 16; i++)
			bad |= kept[i] ^ (id + i);
	}
	ADD(v->facts[0], 1);
	if (bad)
		ADD(v->facts[1], 1);
	return 0;
}

SEC("uprobe/libc.so.6:getpgid") int on_library(struct pt_regs *context)
{
	struct verdict *v = find_verdict();

	if (!v || current_pid_tgid() >> 32 != probed)
		return 0;
	CHECK((__u32)ARGUMENT1(context) == 0);
	v->runs++;
	return 0;
}

SEC("perf_event") int on_clock(void *context)
{
	struct verdict *v = find_verdict();

	if (v)
		__sync_fetch_and_add(&v->runs, 1);
	return 0;
}

EXPORT_LICENSE;

/*
 * Hits that the kernel skips because a program, or a probe, is being run on the CPU already: updating a hash in a program comes by
 * whatever is attached to the kernel's function for that. Facts: 0 updates, 1 runs of what is attached there.
 */
#include "check.h"

#define UPDATE_FUNCTION "htab_map_update_elem"

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 4);
} updated SEC(".maps");

struct sys_enter {
	__u64 common;
	__u64 id;
	__u64 arguments[6];
};

INLINE struct verdict *of_target(void)
{
	return current_pid_tgid() >> 32 == target ? find_verdict() : 0;
}

INLINE void update(struct verdict *v)
{
	__u32 key = 0;
	__u64 value = 1;

	if (!map_update(&updated, &key, &value, UPDATE_ANY))
		ADD(v->facts[0], 1);
}

/* A program of the kind that none of its kind interrupts, the kprobe's among them. */
SEC("tp/raw_syscalls/sys_enter") int in_tracepoint(struct sys_enter *context)
{
	struct verdict *v = of_target();

	if (v && context->id == SYSCALL_GETPGID && (__u32)context->arguments[0] == TRIGGER)
		update(v);
	return 0;
}

SEC("kprobe/" SYS_GETPGID) int in_kprobe(struct pt_regs *context)
{
	struct verdict *v = of_target();

	if (v)
		update(v);
	return 0;
}

SEC("kprobe/" UPDATE_FUNCTION) int on_kprobe(struct pt_regs *context)
{
	struct verdict *v = of_target();

	if (v)
		ADD(v->facts[1], 1);
	return 0;
}

SEC("kprobe.multi/" UPDATE_FUNCTION) int on_kprobe_multi(struct pt_regs *context)
{
	struct verdict *v = of_target();

	if (v)
		ADD(v->facts[1], 1);
	return 0;
}

/* Interrupts nothing but itself, when it is the one that updates. */
SEC("fentry/" UPDATE_FUNCTION) int on_fentry(__u64 *context)
{
	struct verdict *v = of_target();

	if (!v)
		return 0;
	ADD(v->facts[1], 1);
	update(v);
	return 0;
}

EXPORT_LICENSE;

/* Counts what each kind of attachment sees of one process. */
#include "bpf.h"
#include "registers.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_GETPGID 121
#define SYS_GETPGID "__x64_sys_getpgid"
#else
#define SYSCALL_GETPGID 155
#define SYS_GETPGID "__arm64_sys_getpgid"
#endif

enum count { RAW_TP, TP_BTF, TRACEPOINT, KPROBE, FENTRY, UPROBE, URETPROBE, RETURNED, CLOCK, COUNTS };

CONSTANT __u32 target = 0;
__u64 counts[COUNTS];
__u64 initialised = 42;

INLINE void count_for_target(enum count which)
{
	if (current_pid_tgid() >> 32 == target)
		ADD(counts[which], 1);
}

struct raw_arguments {
	__u64 value[8];
};

SEC("raw_tp/sys_enter") int on_raw_tp(struct raw_arguments *context)
{
	if (context->value[1] == SYSCALL_GETPGID)
		count_for_target(RAW_TP);
	return 0;
}

SEC("tp_btf/sys_enter") int on_tp_btf(__u64 *context)
{
	if (context[1] == SYSCALL_GETPGID)
		count_for_target(TP_BTF);
	return 0;
}

struct sys_enter {
	__u64 common;
	__u64 id;
	__u64 arguments[6];
};

SEC("tp/raw_syscalls/sys_enter") int on_tracepoint(struct sys_enter *context)
{
	if (context->id == SYSCALL_GETPGID)
		count_for_target(TRACEPOINT);
	return 0;
}

SEC("kprobe/" SYS_GETPGID) int on_kprobe(struct pt_regs *context)
{
	(void)context;
	count_for_target(KPROBE);
	return 0;
}

SEC("kretprobe/no_such_function") int on_missing(struct pt_regs *context)
{
	(void)context;
	return 0;
}

SEC("fentry/" SYS_GETPGID) int on_fentry(__u64 *context)
{
	(void)context;
	count_for_target(FENTRY);
	return 0;
}

SEC("uprobe/libc.so.6:getpgid") int on_uprobe(struct pt_regs *context)
{
	(void)context;
	ADD(counts[UPROBE], 1);
	return 0;
}

SEC("uretprobe/libc.so.6:getpgid") int on_uretprobe(struct pt_regs *context)
{
	ADD(counts[URETPROBE], 1);
	ADD(counts[RETURNED], RESULT(context));
	return 0;
}

SEC("perf_event") int on_clock(void *context)
{
	(void)context;
	ADD(counts[CLOCK], 1);
	return 0;
}

EXPORT_LICENSE;

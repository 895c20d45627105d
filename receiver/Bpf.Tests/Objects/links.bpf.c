/* Counts runs, and keeps the cookie of the last one, for each kind of link that takes one. */
#include "bpf.h"
#include "registers.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_GETPGID 121
#else
#define SYSCALL_GETPGID 155
#endif

static __u64 (*attach_cookie)(void *context) = (void *)174;
static __u64 (*function_address)(void *context) = (void *)173;
static long (*sequence_write)(void *sequence, const void *data, __u32 length) = (void *)127;

CONSTANT __u32 target = 0;

__u64 runs;
__u64 cookie;
__u64 cookies; /* the sum of them all */
__u64 address; /* of the function that was hit last */
__u64 returned;

INLINE int seen(void *context)
{
	cookie = attach_cookie(context);
	ADD(cookies, cookie);
	ADD(runs, 1);
	return 0;
}

INLINE int seen_of_target(void *context, __u64 number)
{
	return number == SYSCALL_GETPGID && current_pid_tgid() >> 32 == target ? seen(context) : 0;
}

struct sys_enter {
	__u64 common;
	__u64 id;
	__u64 arguments[6];
};

SEC("tp/raw_syscalls/sys_enter") int on_tracepoint(struct sys_enter *context)
{
	return seen_of_target(context, context->id);
}

SEC("raw_tp/sys_enter") int on_raw_tp(__u64 *context)
{
	return seen_of_target(context, context[1]);
}

SEC("tp_btf/sys_enter") int on_tp_btf(__u64 *context)
{
	return seen_of_target(context, context[1]);
}

SEC("uprobe") int on_uprobe(struct pt_regs *context)
{
	return seen(context);
}

SEC("uretprobe") int on_uretprobe(struct pt_regs *context)
{
	ADD(returned, RESULT(context));
	return seen(context);
}

SEC("uprobe.multi") int on_uprobe_multi(struct pt_regs *context)
{
	address = function_address(context);
	return seen(context);
}

SEC("uretprobe.multi") int on_uretprobe_multi(struct pt_regs *context)
{
	ADD(returned, RESULT(context));
	return seen(context);
}

SEC("uprobe.session") int on_uprobe_session(struct pt_regs *context)
{
	ADD(returned, RESULT(context) & 0);
	return seen(context);
}

SEC("kprobe.multi/vfs_*") int on_kprobe_multi(struct pt_regs *context)
{
	return seen(context);
}

SEC("kprobe.session/vfs_read") int on_kprobe_session(struct pt_regs *context)
{
	return seen(context);
}

SEC("kprobe") int on_kprobe(struct pt_regs *context)
{
	return seen(context);
}

SEC("ksyscall/getpgid") int on_ksyscall(struct pt_regs *context)
{
	return seen(context);
}

SEC("perf_event") int on_event(void *context)
{
	return seen(context);
}

struct iterator_of_tasks {
	struct iterator_meta {
		void *sequence;
		__u64 session;
		__u64 number;
	} *meta;
	struct task_struct *task;
};

struct task_struct {
	int pid;
	int tgid;
} __attribute__((preserve_access_index));

SEC("iter/task") int on_task(struct iterator_of_tasks *context)
{
	struct task_struct *task = context->task;
	struct {
		__u32 process;
		__u32 thread;
	} entry;

	if (!task)
		return 0;
	entry.process = task->tgid;
	entry.thread = task->pid;
	sequence_write(context->meta->sequence, &entry, sizeof(entry));
	return 0;
}

SEC("cgroup_skb/egress") int on_egress(void *context)
{
	(void)context;
	ADD(runs, 1);
	return 1;
}

EXPORT_LICENSE;

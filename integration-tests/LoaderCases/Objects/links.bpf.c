/* Ways to attach that came later, many places at once, cookies, and what is not a function of the kernel. */
#include "check.h"

#define CORE __attribute__((preserve_access_index))

static __u64 (*attach_cookie)(void *context) = (void *)174;
static long (*seq_write)(void *seq, const void *data, __u32 length) = (void *)127;

CONSTANT __u32 probed = 0;
CONSTANT __u64 expected_cookie = 0;

INLINE struct verdict *of_target(void)
{
	return current_pid_tgid() >> 32 == target ? find_verdict() : 0;
}

INLINE int count_trigger(const struct pt_regs *registers)
{
	struct verdict *v = of_target();
	__u64 argument = 0;

	if (!v)
		return 0;
	probe_read_kernel(&argument, sizeof(argument), &FIRST_ARGUMENT(registers));
	if ((__u32)argument == TRIGGER)
		v->runs++;
	return 0;
}

INLINE int count_target(void)
{
	struct verdict *v = of_target();

	if (v)
		v->runs++;
	return 0;
}

SEC("kprobe.multi/" SYS_GETPGID) int on_kprobe_multi(struct pt_regs *context)
{
	return count_trigger((const void *)ARGUMENT1(context));
}

SEC("kretprobe.multi/*_sys_getpgi?") int on_kretprobe_multi(struct pt_regs *context)
{
	return count_target();
}

/* Runs at the entry and, since it returns 0, at the return. */
SEC("kprobe.session/" SYS_GETPGID) int on_kprobe_session(struct pt_regs *context)
{
	return count_target();
}

SEC("ksyscall/getpgid") int on_ksyscall(struct pt_regs *context)
{
	return count_trigger((const void *)ARGUMENT1(context));
}

SEC("kretsyscall/getpgid") int on_kretsyscall(struct pt_regs *context)
{
	return count_target();
}

SEC("kprobe") int on_kprobe(struct pt_regs *context)
{
	return count_target();
}

#define WITH_COOKIE                                                     \
	({                                                              \
		struct verdict *v = of_target();                        \
		if (v) {                                                \
			v->runs++;                                      \
			CHECK_SAME(attach_cookie(context), expected_cookie); \
		}                                                       \
		0;                                                      \
	})

SEC("kprobe") int kprobe_cookie(struct pt_regs *context)
{
	return WITH_COOKIE;
}

SEC("tp/syscalls/sys_enter_getpgid") int tracepoint_cookie(void *context)
{
	return WITH_COOKIE;
}

SEC("fentry/" SYS_GETPGID) int fentry_cookie(__u64 *context)
{
	return WITH_COOKIE;
}

SEC("raw_tp/task_rename") int raw_tp_cookie(__u64 *context)
{
	return WITH_COOKIE;
}

SEC("uprobe") int uprobe_cookie(struct pt_regs *context)
{
	struct verdict *v = find_verdict();

	if (v && current_pid_tgid() >> 32 == probed) {
		v->runs++;
		CHECK_SAME(attach_cookie(context), expected_cookie);
	}
	return 0;
}

/* Cookie 1: probed_function, cookie 2: probed_other. */
SEC("uprobe.multi") int on_uprobe_multi(struct pt_regs *context)
{
	struct verdict *v = find_verdict();
	__u64 cookie = attach_cookie(context);

	if (!v || current_pid_tgid() >> 32 != probed)
		return 0;
	v->runs++;
	CHECK(cookie == 1 || cookie == 2);
	v->facts[cookie]++;
	return 0;
}

SEC("uretprobe.multi") int on_uretprobe_multi(struct pt_regs *context)
{
	struct verdict *v = find_verdict();

	if (!v || current_pid_tgid() >> 32 != probed)
		return 0;
	v->runs++;
	v->facts[0] += RESULT(context);
	return 0;
}

SEC("uprobe.session") int on_uprobe_session(struct pt_regs *context)
{
	struct verdict *v = find_verdict();

	if (v && current_pid_tgid() >> 32 == probed)
		v->runs++;
	return 0;
}

SEC("perf_event") int on_page_fault(void *context)
{
	return count_target();
}

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
} CORE;

struct task_struct {
	int tgid;
} CORE;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} CORE;

/* The process ids of all tasks, four bytes each. */
SEC("iter/task") int on_task(struct bpf_iter__task *context)
{
	struct task_struct *task = context->task;
	struct seq_file *seq = context->meta->seq;
	int id;

	if (!task)
		return 0;
	id = task->tgid;
	seq_write(seq, &id, sizeof(id));
	return 0;
}

SEC("cgroup_skb/egress") int on_egress(void *context)
{
	struct verdict *v = find_verdict();

	if (v)
		__sync_fetch_and_add(&v->runs, 1);
	return 1; /* lets it pass */
}

EXPORT_LICENSE;

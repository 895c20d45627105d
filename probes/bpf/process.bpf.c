/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Processes as they begin, change their program and end, with all that identifies them while it is still there: a process
 * that is gone before user space looks is known from its samples alone. And the libraries they map, for uprobes.
 */
#include "exec_tail.h"
#include "kernel.h"
#include "process.h"
#include "registers.h"
#include "samples.bpf.h"

EXPORT_LICENSE;

/* Bytes taken of each; user space lowers them to save room in the perf buffer. */
CONSTANT __u32 arguments_limit = STRINGS_SIZE;
CONSTANT __u32 environment_limit = STRINGS_SIZE;

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_NUMBER(max_entries, 2);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct exec_scratch);
} exec_scratch SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_NUMBER(max_entries, 1);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct process_totals);
} process_totals SEC(".maps");

/* Groups whose end was reported: two threads that end together may both see that none lives. */
struct {
	MAP_NUMBER(type, MAP_LRU_HASH);
	MAP_NUMBER(max_entries, 256);
	MAP_TYPE(key, struct process_key);
	MAP_TYPE(value, __u32);
} process_exits SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_LRU_HASH);
	MAP_NUMBER(max_entries, 512);
	MAP_TYPE(key, struct image_key);
	MAP_TYPE(value, __u32);
} images SEC(".maps");

static const __u32 first = 0;

/*
 * A raw tracepoint's program can be preempted (seen in 7.2), and is not run for another thread of that CPU meanwhile. So
 * there are two of each, attached in the order of this file: the second one does what the first was not run for.
 */
struct {
	MAP_NUMBER(type, MAP_LRU_HASH);
	MAP_NUMBER(max_entries, 256);
	MAP_TYPE(key, __u64); /* thread */
	MAP_TYPE(value, __u32);
} process_seen SEC(".maps");

INLINE void seen(void)
{
	__u64 id = current_pid_tgid();

	map_update(&process_seen, &id, &first, UPDATE_ANY);
}

INLINE bool was_seen(void)
{
	__u64 id = current_pid_tgid();

	return map_delete(&process_seen, &id) == 0;
}

#define COUNT_PROCESS(counter)                                                \
	do {                                                                  \
		struct process_totals *totals = map_lookup(&process_totals, &first); \
                                                                              \
		if (totals)                                                   \
			ADD(totals->counter, 1);                              \
	} while (0)

/* ---- fork ---- */

INLINE int forked(void *context, struct task_struct *child)
{
	struct process_fork sample = {};

	if (READ(child, pid) != READ(child, tgid))
		return 0; /* a thread */
	fill_header(&sample.header);
	sample.child = process_of(child);
	COUNT_PROCESS(forks);
	send_sample(context, SAMPLE_PROCESS_FORK, &sample.header, sizeof(sample));
	return 0;
}

SEC("tp_btf/sched_process_fork")
int fork__tp_btf__first(__u64 *arguments)
{
	seen();
	return forked(arguments, (struct task_struct *)arguments[1]);
}

SEC("tp_btf/sched_process_fork")
int fork__tp_btf__second(__u64 *arguments)
{
	return was_seen() ? 0 : forked(arguments, (struct task_struct *)arguments[1]);
}

SEC("raw_tp/sched_process_fork")
int fork__raw_tp__first(__u64 *arguments)
{
	seen();
	return forked(arguments, (struct task_struct *)arguments[1]);
}

SEC("raw_tp/sched_process_fork")
int fork__raw_tp__second(__u64 *arguments)
{
	return was_seen() ? 0 : forked(arguments, (struct task_struct *)arguments[1]);
}

struct trace_event_raw_sched_process_fork {
	int child_pid;
} KERNEL;

/* The youngest child of parent, if it has this id. A thread is nobody's child. */
INLINE struct task_struct *youngest_child(struct task_struct *parent, int id)
{
	struct list_head *sibling = READ(parent, children.prev);
	struct task_struct *child = (void *)sibling - __builtin_preserve_field_info(((struct task_struct *)0)->sibling, 0);

	return READ(child, pid) == id ? child : 0;
}

/* The record has only the child's id, but the child is in its parent's list by then: of CLONE_PARENT, our parent's. */
SEC("tp/sched/sched_process_fork")
int fork__tracepoint(struct trace_event_raw_sched_process_fork *record)
{
	struct task_struct *task = (struct task_struct *)current_task();
	struct task_struct *child = youngest_child(task, record->child_pid);

	if (!child)
		child = youngest_child(READ(task, real_parent), record->child_pid);
	return child ? forked(record, child) : 0;
}

SEC("kprobe/wake_up_new_task")
int fork__kprobe(struct pt_regs *context)
{
	return forked(context, (struct task_struct *)ARGUMENT1(context));
}

/* ---- exec ---- */

INLINE int executed(void *context, __u32 slot)
{
	struct exec_scratch *scratch = map_lookup(&exec_scratch, &slot);
	struct task_struct *task = (struct task_struct *)current_task();
	struct mm_struct *mm = READ(task, mm);
	struct process_exec *sample;
	unsigned long arguments, environment;
	__u32 length;

	COUNT_PROCESS(execs);
	if (!scratch)
		return 0;
	sample = &scratch->sample;
	fill_header(&sample->header);
	sample->parent = parent_of(task);
	sample->gid = current_uid_gid() >> 32;
	sample->reserved = 0;

	arguments = READ(mm, arg_start);
	environment = READ(mm, env_start);
	sample->arguments_total = READ(mm, arg_end) - arguments;
	sample->environment_total = READ(mm, env_end) - environment;

	scratch->length = 0;
	sample->path_length = write_executable(scratch, task, mm);
	sample->arguments_length = write_strings(scratch, arguments, sample->arguments_total, arguments_limit);
	sample->environment_length = write_strings(scratch, environment, sample->environment_total, environment_limit);
	sample->cgroup_length = write_cgroup(scratch, task);

	length = scratch->length;
	OPAQUE(length);
	if (length > TAIL_SIZE)
		length = TAIL_SIZE;
	send_sample(context, SAMPLE_PROCESS_EXEC, &sample->header, sizeof(*sample) + length);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int exec__tp_btf__first(__u64 *arguments)
{
	seen();
	return executed(arguments, 0);
}

SEC("tp_btf/sched_process_exec")
int exec__tp_btf__second(__u64 *arguments)
{
	return was_seen() ? 0 : executed(arguments, 1);
}

SEC("raw_tp/sched_process_exec")
int exec__raw_tp__first(__u64 *arguments)
{
	seen();
	return executed(arguments, 0);
}

SEC("raw_tp/sched_process_exec")
int exec__raw_tp__second(__u64 *arguments)
{
	return was_seen() ? 0 : executed(arguments, 1);
}

SEC("tp/sched/sched_process_exec")
int exec__tracepoint(void *record)
{
	return executed(record, 0);
}

/* Called beside the tracepoint, at the end of a successful exec; begin_new_exec comes before the arguments are in place. */
SEC("kprobe/proc_exec_connector")
int exec__kprobe(struct pt_regs *context)
{
	return executed(context, 0);
}

/* Where CONFIG_PROC_EVENTS is off: the last step of loading an ELF image. */
SEC("kprobe/finalize_exec")
int exec__kprobe_finalize(struct pt_regs *context)
{
	return executed(context, 0);
}

/* ---- exit ---- */

/*
 * Of a thread group whose last thread ends: what /proc/PID/stat would have said. The total is exact (run time), its split
 * into user and system is in the proportion of the ticks, as the kernel itself does it.
 */
INLINE void fill_times(struct process_exit *sample, struct task_struct *task, struct task_struct *leader, struct signal_struct *signal)
{
	__u64 user = READ(signal, utime) + READ(task, utime);
	__u64 system = READ(signal, stime) + READ(task, stime);
	__u64 run = READ(signal, sum_sched_runtime) + READ(task, se.sum_exec_runtime);

	if (leader != task) { /* it ended earlier and was kept for its id */
		user += READ(leader, utime);
		system += READ(leader, stime);
		run += READ(leader, se.sum_exec_runtime);
	}
	if (!system) {
		sample->user_time = run;
	} else if (!user) {
		sample->system_time = run;
	} else {
		__u64 fraction = ((system >> 10) << 16) / (((user + system) >> 10) + 1);

		sample->system_time = (run >> 16) * fraction;
		sample->user_time = run - sample->system_time;
	}
}

INLINE int group_ended(void *context)
{
	struct task_struct *task = (struct task_struct *)current_task();
	struct task_struct *leader = READ(task, group_leader);
	struct signal_struct *signal = READ(task, signal);
	struct process_exit sample = {};

	fill_header(&sample.header);
	sample.parent = parent_of(task);
	sample.exit_code = READ(signal, flags) & SIGNAL_GROUP_EXIT ? READ(signal, group_exit_code) : READ(leader, exit_code);
	fill_times(&sample, task, leader, signal);
	COUNT_PROCESS(exits);
	send_sample(context, SAMPLE_PROCESS_EXIT, &sample.header, sizeof(sample));
	return 0;
}

/* Where the hook is not told that the thread is the last of its group. */
INLINE int ended(void *context)
{
	struct task_struct *task = (struct task_struct *)current_task();
	struct signal_struct *signal = READ(task, signal);
	struct process_key key;

	if (READ(signal, live.counter))
		return 0;
	key = current_process_key();
	if (map_update(&process_exits, &key, &first, UPDATE_NOEXIST) == -EEXIST)
		return 0;
	return group_ended(context);
}

/* Since 6.16 the second argument says that the group is dead; older kernels refuse a program that reads it. */
SEC("tp_btf/sched_process_exit")
int exit__tp_btf_group__first(__u64 *arguments)
{
	if (!(arguments[1] & 1))
		return 0;
	seen();
	return group_ended(arguments);
}

SEC("tp_btf/sched_process_exit")
int exit__tp_btf_group__second(__u64 *arguments)
{
	if (!(arguments[1] & 1))
		return 0;
	return was_seen() ? 0 : group_ended(arguments);
}

SEC("tp_btf/sched_process_exit")
int exit__tp_btf(__u64 *arguments)
{
	return ended(arguments);
}

SEC("raw_tp/sched_process_exit")
int exit__raw_tp_group__first(__u64 *arguments)
{
	if (!(arguments[1] & 1))
		return 0;
	seen();
	return group_ended(arguments);
}

SEC("raw_tp/sched_process_exit")
int exit__raw_tp_group__second(__u64 *arguments)
{
	if (!(arguments[1] & 1))
		return 0;
	return was_seen() ? 0 : group_ended(arguments);
}

SEC("raw_tp/sched_process_exit")
int exit__raw_tp(__u64 *arguments)
{
	return ended(arguments);
}

SEC("tp/sched/sched_process_exit")
int exit__tracepoint(void *record)
{
	return ended(record);
}

SEC("kprobe/taskstats_exit")
int exit__kprobe(struct pt_regs *context)
{
	return ARGUMENT2(context) & 0xff ? group_ended(context) : 0;
}

/* Where CONFIG_TASKSTATS is off; both are called for the last thread only. */
SEC("kprobe/acct_process")
int exit__kprobe_accounting(struct pt_regs *context)
{
	return group_ended(context);
}

SEC("kprobe/disassociate_ctty")
int exit__kprobe_terminal(struct pt_regs *context)
{
	return ARGUMENT1(context) ? group_ended(context) : 0; /* 0: a process that only gives up its terminal */
}

/* ---- map ---- */

#define PROT_EXEC 4

INLINE int mapped(void *context, struct file *file)
{
	struct image_mapped sample = {};
	struct image_key key = {};
	struct inode *inode;
	long length;

	if (!file)
		return 0;
	length = probe_read_kernel_string(sample.name, sizeof(sample.name), READ(READ(file, f_path.dentry), d_name.name));
	if (length <= 0)
		return 0;
	/* musl's C library is its loader. */
	if (!(sample.name[0] == 'l' && sample.name[1] == 'i' && sample.name[2] == 'b') &&
	    !(sample.name[0] == 'l' && sample.name[1] == 'd' && sample.name[2] == '-' && sample.name[3] == 'm'))
		return 0;
	inode = READ(file, f_inode);
	key.inode = READ(inode, i_ino);
	key.device = READ(READ(inode, i_sb), s_dev);
	if (map_update(&images, &key, &first, UPDATE_NOEXIST) == -EEXIST)
		return 0;
	fill_header(&sample.header);
	sample.inode = key.inode;
	sample.device = key.device;
	send_sample(context, SAMPLE_IMAGE_MAPPED, &sample.header, sizeof(sample));
	return 0;
}

/* addr, length, protection, flags, descriptor, offset: on every architecture with mmap and not only mmap2. */
SEC("tp/syscalls/sys_enter_mmap")
int map__tracepoint(struct trace_event_raw_sys_enter *record)
{
	__u32 descriptor = record->args[4];

	if (!(record->args[2] & PROT_EXEC) || (int)descriptor < 0)
		return 0;
	return mapped(record, file_of(descriptor));
}

/* Also sees what the kernel maps itself: interpreters. */
SEC("kprobe/vm_mmap_pgoff")
int map__kprobe(struct pt_regs *context)
{
	return ARGUMENT4(context) & PROT_EXEC ? mapped(context, (struct file *)ARGUMENT1(context)) : 0;
}

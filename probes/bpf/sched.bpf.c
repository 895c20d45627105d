/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * How long threads wait for a CPU, how long they are off it, and how they leave it.
 *
 * A thread's turn is accounted once, when it leaves the CPU: what it waited before, what it ran, and why it left. So a
 * switch costs one lookup of totals and not two, and the process is always known from the thread that leaves, which the
 * classic tracepoint (that has only thread ids) and the kprobe need.
 *
 * All hooks run with interrupts off and the run queue locked, so plain additions are exact.
 */
#include "histogram.h"
#include "kernel.h"
#include "process.h"
#include "registers.h"
#include "samples.bpf.h"

EXPORT_LICENSE;

enum thread_state {
	THREAD_QUEUED = 1,
	THREAD_RUNNING = 2,
	THREAD_BLOCKED = 3,
};

enum {
	WAS_OFF_CPU = 1,
	WAS_QUEUED = 2,
};

struct thread {
	__u64 since;   /* when it came into its state */
	__u64 off_cpu; /* ns it was blocked before this turn */
	__u64 queued;  /* ns it waited for a CPU before this turn */
	__u32 state;
	__u32 was;     /* which of the two are known */
};

/* By thread id, from the first switch or wakeup to the last switch. User space sizes it by the threads there are. */
struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_NUMBER(max_entries, 1024);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct thread);
} sched_threads SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 128);
	MAP_TYPE(key, struct process_key);
	MAP_TYPE(value, struct sched_totals);
} sched_processes SEC(".maps");

static const struct sched_totals no_totals = {};
static const struct process_key overflow = {};

INLINE void set_thread(__u32 tid, __u32 state, __u64 now)
{
	struct thread thread = {.since = now, .state = state};

	if (map_update(&sched_threads, &tid, &thread, UPDATE_ANY))
		count_state_full(AGGREGATE_SCHED);
}

/* Kernel threads are one process to whoever looks at a machine, and would fill the map: they count as kthreadd. */
INLINE struct process_key key_of(struct task_struct *task, bool direct)
{
	struct process_key key = {};

	if (FIELD(direct, task, flags) & PF_KTHREAD) {
		struct task_struct *parent = FIELD(direct, task, real_parent);

		if (FIELD(direct, parent, pid) == KTHREADD)
			task = parent;
	}
	key.pid = FIELD(direct, task, tgid);
	key.start_time = start_time_of(task, direct);
	return key;
}

INLINE void leave(struct task_struct *task, bool direct, __u32 tid, bool runnable, bool dead, __u64 now)
{
	struct thread *thread = map_lookup(&sched_threads, &tid);
	struct process_key key = key_of(task, direct);
	struct sched_totals *totals = aggregate_of(&sched_processes, &key, &no_totals, &overflow, AGGREGATE_SCHED);

	if (totals) {
		if (runnable)
			totals->involuntary_switches++;
		else
			totals->voluntary_switches++;
		if (thread && thread->state == THREAD_RUNNING) {
			totals->run_time += now - thread->since;
			if (thread->was & WAS_QUEUED)
				observe_scale1(&totals->run_queue_latency, thread->queued, true);
			if (thread->was & WAS_OFF_CPU)
				observe_scale0(&totals->off_cpu_duration, thread->off_cpu, true);
		}
	}
	if (dead) {
		map_delete(&sched_threads, &tid);
	} else if (thread) {
		thread->state = runnable ? THREAD_QUEUED : THREAD_BLOCKED;
		thread->since = now;
		thread->was = 0;
	} else {
		set_thread(tid, runnable ? THREAD_QUEUED : THREAD_BLOCKED, now);
	}
}

INLINE void enter(__u32 tid, __u64 now)
{
	struct thread *thread = map_lookup(&sched_threads, &tid);

	if (!thread) {
		set_thread(tid, THREAD_RUNNING, now);
		return;
	}
	if (thread->state == THREAD_QUEUED) {
		thread->queued = now - thread->since;
		thread->was |= WAS_QUEUED;
	} else if (thread->state == THREAD_BLOCKED) {
		/* The wakeup was missed: it interrupted another program, which kprobes and classic tracepoints do not see. */
		thread->off_cpu = now - thread->since;
		thread->was = WAS_OFF_CPU;
	}
	thread->state = THREAD_RUNNING;
	thread->since = now;
}

/* The idle threads, all of id 0, are nobody's. */
INLINE int switched(struct task_struct *previous, bool direct, __u32 previous_tid, bool runnable, bool dead, __u32 next_tid)
{
	__u64 now = monotonic_time();

	if (previous_tid)
		leave(previous, direct, previous_tid, runnable, dead, now);
	if (next_tid)
		enter(next_tid, now);
	return 0;
}

/* A wakeup is also announced for a thread that had not left its CPU yet, or is queued already: that is no wait. */
INLINE int woken(__u32 tid)
{
	__u64 now;
	struct thread *thread;

	if (!tid)
		return 0;
	now = monotonic_time();
	thread = map_lookup(&sched_threads, &tid);
	if (!thread) {
		set_thread(tid, THREAD_QUEUED, now);
	} else if (thread->state == THREAD_BLOCKED) {
		thread->off_cpu = now - thread->since;
		thread->was = WAS_OFF_CPU;
		thread->state = THREAD_QUEUED;
		thread->since = now;
	}
	return 0;
}

INLINE __u64 state_of(struct task_struct *task, bool direct)
{
	if (FIELD_EXISTS(struct task_struct, __state))
		return FIELD(direct, task, __state);
	return FIELD(direct, (struct task_struct___before_5_14 *)task, state);
}

/* preempt, previous, next[, previous state]: the first three are in this order in every release. */
INLINE int switched_raw(__u64 *arguments, bool direct)
{
	struct task_struct *previous = (void *)arguments[1];
	struct task_struct *next = (void *)arguments[2];
	__u64 state = state_of(previous, direct);

	return switched(previous, direct, FIELD(direct, previous, pid), (arguments[0] & 1) || !state, state & TASK_DEAD,
			FIELD(direct, next, pid));
}

SEC("tp_btf/sched_switch")
int switch__tp_btf(__u64 *arguments)
{
	return switched_raw(arguments, true);
}

SEC("raw_tp/sched_switch")
int switch__raw_tp(__u64 *arguments)
{
	return switched_raw(arguments, false);
}

struct trace_event_raw_sched_switch {
	long prev_state;
	int prev_pid;
	int next_pid;
} KERNEL;

#define REPORTED_STATES 0xff /* above them: preempted */
#define REPORTED_DEAD 0x30   /* EXIT_DEAD | EXIT_ZOMBIE */

SEC("tp/sched/sched_switch")
int switch__tracepoint(struct trace_event_raw_sched_switch *record)
{
	return switched((struct task_struct *)current_task(), false, record->prev_pid, !(record->prev_state & REPORTED_STATES),
			record->prev_state & REPORTED_DEAD, record->next_pid);
}

/*
 * The first thing the next thread does, with the run queue still locked; its argument is the previous thread. What the
 * previous one is to do is seen from whether it is still queued; since 6.12 a sleeper may stay queued for a while.
 */
INLINE int switched_kprobe(struct pt_regs *context)
{
	struct task_struct *previous = (void *)ARGUMENT1(context);
	struct task_struct *next = (void *)current_task();
	bool runnable = READ(previous, on_rq) == 1;

	if (runnable && FIELD_EXISTS(struct sched_entity___since_6_12, sched_delayed))
		runnable = !READ((struct sched_entity___since_6_12 *)__builtin_preserve_access_index(&previous->se), sched_delayed);
	return switched(previous, false, READ(previous, pid), runnable, state_of(previous, false) & TASK_DEAD, READ(next, pid));
}

SEC("kprobe/finish_task_switch")
int switch__kprobe(struct pt_regs *context)
{
	return switched_kprobe(context);
}

/* The name that gcc gives it where it has dropped an argument that was not used. */
SEC("kprobe/finish_task_switch.isra.0")
int switch__kprobe_isra(struct pt_regs *context)
{
	return switched_kprobe(context);
}

SEC("tp_btf/sched_wakeup")
int wakeup__tp_btf__wakeup(__u64 *arguments)
{
	return woken(((struct task_struct *)arguments[0])->pid);
}

SEC("tp_btf/sched_wakeup_new")
int wakeup__tp_btf__new(__u64 *arguments)
{
	return woken(((struct task_struct *)arguments[0])->pid);
}

SEC("raw_tp/sched_wakeup")
int wakeup__raw_tp__wakeup(__u64 *arguments)
{
	return woken(READ((struct task_struct *)arguments[0], pid));
}

SEC("raw_tp/sched_wakeup_new")
int wakeup__raw_tp__new(__u64 *arguments)
{
	return woken(READ((struct task_struct *)arguments[0], pid));
}

struct trace_event_raw_sched_wakeup_template {
	int pid;
} KERNEL;

SEC("tp/sched/sched_wakeup")
int wakeup__tracepoint__wakeup(struct trace_event_raw_sched_wakeup_template *record)
{
	return woken(record->pid);
}

SEC("tp/sched/sched_wakeup_new")
int wakeup__tracepoint__new(struct trace_event_raw_sched_wakeup_template *record)
{
	return woken(record->pid);
}

/*
 * What the kernel calls where it announces a wakeup has moved: ttwu_do_wakeup up to 6.2, then ttwu_do_activate, and since 6.12
 * enqueue_task besides, for a sleeper that was still queued. ttwu_runnable, which deals with those, is always inlined.
 */
SEC("kprobe/ttwu_do_wakeup")
int wakeup__kprobe__wakeup(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT2(context), pid));
}

SEC("kprobe/wake_up_new_task")
int wakeup__kprobe__new(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT1(context), pid));
}

SEC("kprobe/ttwu_do_activate")
int wakeup__kprobe_delayed__wakeup(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT2(context), pid));
}

/* Kernels that can't delay a sleeper refuse this one, for the field they lack. */
SEC("kprobe/enqueue_task")
int wakeup__kprobe_delayed__enqueue(struct pt_regs *context)
{
	struct task_struct *task = (struct task_struct *)ARGUMENT2(context);
	struct sched_entity___since_6_12 *entity = (void *)__builtin_preserve_access_index(&task->se);

	return READ(entity, sched_delayed) ? woken(READ(task, pid)) : 0;
}

SEC("kprobe/wake_up_new_task")
int wakeup__kprobe_delayed__new(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT1(context), pid));
}

SEC("kprobe/ttwu_do_activate")
int wakeup__kprobe_activate__wakeup(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT2(context), pid));
}

SEC("kprobe/wake_up_new_task")
int wakeup__kprobe_activate__new(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT1(context), pid));
}

/* Always there, but early: it includes the way to another CPU. It does nothing if the thread is in another state. */
SEC("kprobe/try_to_wake_up")
int wakeup__kprobe_try__wakeup(struct pt_regs *context)
{
	struct task_struct *task = (struct task_struct *)ARGUMENT1(context);

	return state_of(task, false) & ARGUMENT2(context) ? woken(READ(task, pid)) : 0;
}

SEC("kprobe/wake_up_new_task")
int wakeup__kprobe_try__new(struct pt_regs *context)
{
	return woken(READ((struct task_struct *)ARGUMENT1(context), pid));
}

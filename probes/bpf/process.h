/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Which process something belongs to. */
#ifndef PROBES_PROCESS_H
#define PROBES_PROCESS_H

#include "kernel.h"
#include "samples.h"

#define KTHREADD 2

INLINE __u64 start_time_of(struct task_struct *task, bool direct)
{
	struct task_struct *leader = FIELD(direct, task, group_leader);

	return FIELD(direct, leader, start_boottime);
}

INLINE struct process_ref process_of(struct task_struct *task)
{
	struct process_ref process = {
		.pid = READ(task, tgid),
		.tid = READ(task, pid),
		.start_time = start_time_of(task, false),
	};

	return process;
}

INLINE struct process_ref parent_of(struct task_struct *task)
{
	struct process_ref parent = process_of(READ(READ(task, group_leader), real_parent));

	parent.tid = 0;
	return parent;
}

INLINE struct process_key current_process_key(void)
{
	struct process_key key = {
		.pid = current_pid_tgid() >> 32,
		.start_time = start_time_of((struct task_struct *)current_task(), false),
	};

	return key;
}

/* All but the kind, of the thread that runs now. */
INLINE void fill_header(struct sample_header *header)
{
	struct task_struct *task = (struct task_struct *)current_task();
	__u64 id = current_pid_tgid();

	header->reserved = 0;
	header->uid = current_uid_gid();
	header->time = monotonic_time();
	header->process.pid = id >> 32;
	header->process.tid = id;
	header->process.start_time = start_time_of(task, false);
	header->cgroup_id = current_cgroup_id();
	current_comm(header->comm, sizeof(header->comm));
}

#endif

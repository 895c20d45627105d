/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Hook thread_exit: a thread that is killed inside a probed function never returns from it, and what is kept of it would
 * stay for ever. The including file defines `INLINE void forget(__u64 id)`, id as current_pid_tgid() gives it.
 */
#ifndef PROBES_THREAD_EXIT_H
#define PROBES_THREAD_EXIT_H

#include "registers.h"

SEC("tp_btf/sched_process_exit")
int thread_exit__tp_btf(__u64 *arguments)
{
	forget(current_pid_tgid());
	return 0;
}

SEC("raw_tp/sched_process_exit")
int thread_exit__raw_tp(__u64 *arguments)
{
	forget(current_pid_tgid());
	return 0;
}

SEC("tp/sched/sched_process_exit")
int thread_exit__tracepoint(void *record)
{
	forget(current_pid_tgid());
	return 0;
}

SEC("kprobe/do_exit")
int thread_exit__kprobe(struct pt_regs *context)
{
	forget(current_pid_tgid());
	return 0;
}

#endif

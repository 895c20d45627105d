/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Holds one thread of another process still while it waits for events, until this program ends: hold TID
 * The other threads go on, and the kernel lets the one go when its tracer is gone (ptrace(2), PTRACE_SEIZE). A thread that is anywhere else but in epoll_wait is let go and tried again: a thread of
 * a runtime that is stopped in managed code stops all threads at the next garbage collection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	exit(1);
}

/* The system call that a stopped thread is in (proc_pid_syscall(5)), or -1. */
static long call_of(const char *thread)
{
	char path[64];
	long call = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/syscall", thread);
	file = fopen(path, "r");
	if (!file)
		die(path);
	if (fscanf(file, "%ld", &call) != 1)
		call = -1;
	fclose(file);
	return call;
}

static int waits(const char *thread)
{
	long call = call_of(thread);

#ifdef SYS_epoll_wait
	if (call == SYS_epoll_wait)
		return 1;
#endif
	return call == SYS_epoll_pwait || call == SYS_epoll_pwait2;
}

int main(int argc, char **argv)
{
	pid_t thread;
	int status;

	if (argc != 2)
		return 2;
	thread = atoi(argv[1]);
	for (;;) {
		if (ptrace(PTRACE_SEIZE, thread, 0, 0))
			die("PTRACE_SEIZE");
		if (ptrace(PTRACE_INTERRUPT, thread, 0, 0))
			die("PTRACE_INTERRUPT");
		if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status))
			die("waitpid");
		if (waits(argv[1]))
			break;
		if (ptrace(PTRACE_DETACH, thread, 0, 0))
			die("PTRACE_DETACH");
		usleep(1000);
	}
	puts("held");
	fflush(stdout);
	/* A thread that dies meanwhile stays, and its process with it, until its tracer has heard of it. */
	while (waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status))
		;
	return 0;
}

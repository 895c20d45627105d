/* A program to probe: says its process id, then runs what each line of its input asks for, and says when that is done. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((noinline)) long probed_function(long value)
{
	__asm__ volatile("" ::: "memory");
	return 2 * value;
}

__attribute__((noinline)) long probed_other(long value)
{
	__asm__ volatile("" ::: "memory");
	return 3 * value;
}

/*
 * USDT probes, written out: an instruction that does nothing, and a note that says where it is, what it is called and where its arguments
 * are. The second is passed only while its semaphore, which who attaches counts up, is not 0.
 */
unsigned short probed_semaphore __attribute__((section(".probes"), used));

#if defined(__x86_64__)
#define NOTE(name, semaphore)                                                                                       \
	"990: nop\n.pushsection .note.stapsdt,\"\",\"note\"\n.balign 4\n.4byte 992f-991f, 994f-993f, 3\n"              \
	"991: .asciz \"stapsdt\"\n992: .balign 4\n993: .8byte 990b, 0, " semaphore "\n.asciz \"cases\"\n.asciz \"" name \
	"\"\n.asciz \"8@%0 -4@%1\"\n994: .balign 4\n.popsection\n"
#define PROBE(name, semaphore, first, second) __asm__ volatile(NOTE(name, semaphore) : : "r"((long)(first)), "r"((int)(second)))
#else
#define PROBE(name, semaphore, first, second) ((void)(first), (void)(second))
#endif

__attribute__((noinline)) void probed_usdt(long value)
{
	PROBE("hit", "0", value, -value);
}

__attribute__((noinline)) void probed_guarded(long value)
{
	if (*(volatile unsigned short *)&probed_semaphore)
		PROBE("guarded", "probed_semaphore", value, -value);
}

/* Two processes on one CPU, which call probed_function so many times each. */
static void take_turns(long calls)
{
	cpu_set_t before, one;
	volatile long sink = 0;

	sched_getaffinity(0, sizeof(before), &before);
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	pid_t child = fork();

	for (long i = 0; i < calls; i++)
		sink += probed_function(i);
	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
	sched_setaffinity(0, sizeof(before), &before);
}

int main(void)
{
	char line[64];
	volatile long sink = 0;

	printf("%d\n", getpid());
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		char *count = strchr(line, ' ');
		long calls = count ? atol(count) : 0;

		if (!strncmp(line, "turns ", 6))
			take_turns(calls);
		for (long i = 0; i < calls; i++) {
			if (!strncmp(line, "call ", 5))
				sink += probed_function(i);
			else if (!strncmp(line, "other ", 6))
				sink += probed_other(i);
			else if (!strncmp(line, "usdt ", 5))
				probed_usdt(i);
			else if (!strncmp(line, "guarded ", 8))
				probed_guarded(i);
			else if (!strncmp(line, "libc ", 5))
				sink += getpgid(0);
		}
		printf("done\n");
		fflush(stdout);
	}
	return 0;
}

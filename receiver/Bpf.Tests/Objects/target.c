/* A program to put uprobes on: waits for a line, then calls as often as its argument says, and waits for another line. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((noinline)) long probed_function(long value)
{
	__asm__ volatile("" ::: "memory");
	return 2 * value;
}

int main(int count, char **arguments)
{
	char line[16];
	long calls = count > 1 ? atol(arguments[1]) : 0;
	volatile long sink = 0;

	if (!fgets(line, sizeof(line), stdin))
		return 1;
	for (long i = 0; i < calls; i++)
		sink += probed_function(i) + getpgid(0);
	printf("done %ld\n", sink);
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) ? 0 : 1;
}

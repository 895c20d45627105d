/*
 * A program with USDT probes whose notes are written by hand, one for each form of argument. Waits for a line, then goes through all
 * of them as often as its argument says, and waits for another line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define NOTE(name, semaphore, arguments)                                                                                           \
	".pushsection .note.stapsdt,\"\",@note\n"                                                                                  \
	".balign 4\n"                                                                                                              \
	".4byte 992f-991f, 994f-993f, 3\n"                                                                                         \
	"991: .asciz \"stapsdt\"\n"                                                                                                \
	"992: .balign 4\n"                                                                                                         \
	"993: .8byte 990b, _.stapsdt.base, " semaphore "\n"                                                                        \
	".asciz \"test\"\n.asciz \"" name "\"\n.asciz \"" arguments "\"\n"                                                          \
	"994: .balign 4\n"                                                                                                         \
	".popsection\n"
#define PROBE(name, semaphore, arguments, ...)                                                                                     \
	__asm__ volatile("990: nop\n" NOTE(name, semaphore, arguments)::__VA_ARGS__)
#define FAST_PROBE(name, arguments, ...)                                                                                           \
	__asm__ volatile("990: nop\n.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n" NOTE(name, "0", arguments)::__VA_ARGS__)

__asm__(".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n.hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n.size _.stapsdt.base, 1\n.popsection\n");

/* Counted up by the kernel while someone is attached. */
__attribute__((section(".probes"), used)) volatile uint16_t test_guarded_semaphore;

static int64_t numbers[8] = {100, -200, 300, -400, 0x123456789abcdef0, 6, 7, 8};
static int32_t small[8] = {1, -2, 3, -4, 5, -6, 7, -8};

__attribute__((noinline)) static void registers(long round)
{
	PROBE("forms", "0", "8@%%rax -4@%%ebx 1@%%cl -2@%%dx 8@$-7", "a"(round), "b"(-5L), "c"(0x1ffL), "d"(0x8000L));
}

__attribute__((noinline)) static void memory(void)
{
	PROBE("forms", "0", "8@(%%rdi) -8@8(%%rdi) 4@32(%%rdi) -4@-4(%%rsi) 1@$255", "D"(numbers), "S"(small + 4), "m"(numbers), "m"(small));
}

__attribute__((noinline)) static void indexed(long index)
{
	PROBE("indexed", "0", "-4@(%%rdi,%%rsi,4) 8@8(%%rdx,%%rsi,8)", "D"(small), "S"(index), "d"(numbers), "m"(numbers), "m"(small));
}

__attribute__((noinline)) static void partly(long value)
{
	PROBE("partly", "0", "8@%%rax", "a"(value));
	PROBE("partly", "0", "8@numbers(%%rip)", "a"(value));
}

__attribute__((noinline)) static void guarded(long value)
{
	if (test_guarded_semaphore)
		PROBE("guarded", "test_guarded_semaphore", "8@%%rax", "a"(value));
}

__attribute__((noinline)) static void fast(long value)
{
	FAST_PROBE("fast", "8@%%rax", "a"(value));
}

int main(int count, char **arguments)
{
	char line[16];
	long rounds = count > 1 ? atol(arguments[1]) : 0;

	if (!fgets(line, sizeof(line), stdin))
		return 1;
	for (long i = 0; i < rounds; i++) {
		registers(i);
		memory();
		indexed(3);
		partly(i);
		guarded(i);
		fast(i);
	}
	printf("done %d\n", test_guarded_semaphore);
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) ? 0 : 1;
}

/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * injector MAP_ID KIND SIZE COUNT: puts COUNT samples of SIZE bytes with the given kind into a perf event array, as a
 * program of the receiver would, to see what becomes of samples that are not as they should be.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSTRUCTION(operation, to, from, distance, number) \
	((struct bpf_insn){ .code = (operation), .dst_reg = (to), .src_reg = (from), .off = (distance), .imm = (number) })
#define MOVE(to, from) INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define SET(to, number) INSTRUCTION(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, number)
#define SAMPLE_SIZE 64

static int fail(const char *what)
{
	fprintf(stderr, "injector: %s: %s\n", what, strerror(errno));
	return 1;
}

int main(int argc, char **argv)
{
	struct bpf_insn program[32];
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int count = 0, map, fd, size, i;

	if (argc != 5)
		return fprintf(stderr, "usage: injector MAP_ID KIND SIZE COUNT\n"), 2;
	map = bpf_map_get_fd_by_id(atoi(argv[1]));
	if (map < 0)
		return fail("map");
	size = atoi(argv[3]);
	if (size < 1 || size > SAMPLE_SIZE)
		return fprintf(stderr, "injector: a sample has 1 to %d bytes\n", SAMPLE_SIZE), 2;

	program[count++] = MOVE(BPF_REG_6, BPF_REG_1);
	for (i = 8; i <= SAMPLE_SIZE; i += 8)
		program[count++] = INSTRUCTION(BPF_ST | BPF_MEM | BPF_DW, BPF_REG_10, 0, -i, 0);
	/* The kind is the first field of the header. */
	program[count++] = INSTRUCTION(BPF_ST | BPF_MEM | BPF_H, BPF_REG_10, 0, -SAMPLE_SIZE, atoi(argv[2]));
	program[count++] = MOVE(BPF_REG_1, BPF_REG_6);
	program[count++] = INSTRUCTION(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_2, BPF_PSEUDO_MAP_FD, 0, map);
	program[count++] = INSTRUCTION(0, 0, 0, 0, 0);
	/* A 32-bit move: the flags of the current CPU are 0xffffffff without a sign. */
	program[count++] = INSTRUCTION(BPF_ALU | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, -1);
	program[count++] = MOVE(BPF_REG_4, BPF_REG_10);
	program[count++] = INSTRUCTION(BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_4, 0, 0, -SAMPLE_SIZE);
	program[count++] = SET(BPF_REG_5, size);
	program[count++] = INSTRUCTION(BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_perf_event_output);
	program[count++] = INSTRUCTION(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

	fd = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "injector", "GPL", program, count, NULL);
	if (fd < 0)
		return fail("load");
	for (i = 0; i < atoi(argv[4]); i++) {
		if (bpf_prog_test_run_opts(fd, &run))
			return fail("run");
		if (run.retval)
			return errno = -(int)run.retval, fail("output");
	}

	return 0;
}

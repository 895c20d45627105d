/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Lets libbpf relocate each program of an object against given BTF and prints its instructions:
 *   program NAME HEX      or      refused NAME ERRNO
 * Usage: relocate OBJECT [BTF]. Programs are relocated before they are loaded; loading is stopped there.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int stop(struct bpf_program *program, struct bpf_prog_load_opts *options, long cookie)
{
	const unsigned char *code = (const unsigned char *)bpf_program__insns(program);
	size_t length = bpf_program__insn_cnt(program) * 8;

	(void)options;
	(void)cookie;
	printf("program %s ", bpf_program__name(program));
	for (size_t i = 0; i < length; i++)
		printf("%02x", code[i]);
	printf("\n");
	return -ECANCELED;
}

static int print(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_DEBUG && !getenv("VERBOSE"))
		return 0;
	return vfprintf(stderr, format, arguments);
}

/* Whatever the section means otherwise, the program is stopped before it is loaded; NULL is for all that is not listed. */
static const char *sections[] = {
	"kprobe+", "kretprobe+", "uprobe+", "uretprobe+", "ksyscall+", "kretsyscall+", "tp+", "tracepoint+", "raw_tp+", "raw_tracepoint+",
	"tp_btf+", "fentry+", "fentry.s+", "fexit+", "fmod_ret+", "iter+", "lsm+", "perf_event", "usdt+", "xdp", "socket", NULL,
};

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = argc > 2 ? argv[2] : NULL);
	LIBBPF_OPTS(libbpf_prog_handler_opts, handler, .prog_prepare_load_fn = stop);
	struct bpf_program *program;
	struct bpf_object *object;
	struct bpf_map *map;
	int count = 0;

	libbpf_set_print(print);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (libbpf_register_prog_handler(sections[i], BPF_PROG_TYPE_TRACEPOINT, 0, &handler) < 0)
			return 1;
	}
	object = bpf_object__open_file(argv[1], &options);
	if (!object)
		return 1;
	bpf_object__for_each_program(program, object)
		count++;
	bpf_object__close(object);

	for (int i = 0; i < count; i++) {
		const char *name = NULL;
		int j = 0, error;

		object = bpf_object__open_file(argv[1], &options);
		if (!object)
			return 1;
		bpf_object__for_each_program(program, object) {
			bpf_program__set_autoload(program, j == i);
			if (j++ == i)
				name = bpf_program__name(program);
		}
		/* What the tools set at run time. */
		bpf_object__for_each_map(map, object) {
			if (!bpf_map__max_entries(map))
				bpf_map__set_max_entries(map, 4096);
			if (bpf_map__type(map) == BPF_MAP_TYPE_STACK_TRACE)
				bpf_map__set_value_size(map, 64);
		}
		error = bpf_object__load(object);
		if (error != -ECANCELED)
			printf("refused %s %d\n", name, error);
		bpf_object__close(object);
	}
	return 0;
}

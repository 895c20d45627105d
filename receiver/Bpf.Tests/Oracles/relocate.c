/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Lets libbpf relocate each program of an object against given BTF and prints its instructions:
 *   program NAME HEX      or      refused NAME ERRNO
 * Usage: relocate OBJECT [BTF [together [NAME...]]]. Programs are relocated before they are loaded; loading is stopped there. Each is
 * relocated in an object of its own, since libbpf keeps what it found of a type for all programs of an object. Those that have no type in
 * common can be relocated together, which is faster, but for the names given: one that is refused spoils it for all. If another is refused,
 * it is left out, and all are tried again.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bpf_object *whole; /* of which all programs are shown */
static char refused[256];	 /* the program that libbpf warned of last */

static void show(struct bpf_program *program)
{
	const unsigned char *code = (const unsigned char *)bpf_program__insns(program);
	size_t length = bpf_program__insn_cnt(program) * 8;

	printf("program %s ", bpf_program__name(program));
	for (size_t i = 0; i < length; i++)
		printf("%02x", code[i]);
	printf("\n");
}

static int stop(struct bpf_program *program, struct bpf_prog_load_opts *options, long cookie)
{
	(void)options;
	(void)cookie;
	if (!whole) {
		show(program);
		return -ECANCELED;
	}
	/* All are relocated before the first is loaded. */
	bpf_object__for_each_program(program, whole) {
		if (bpf_program__autoload(program))
			show(program);
	}
	return -ECANCELED;
}

static int print(enum libbpf_print_level level, const char *format, va_list arguments)
{
	va_list copy;
	char text[1024];

	if (level == LIBBPF_DEBUG && !getenv("VERBOSE"))
		return 0;
	va_copy(copy, arguments);
	vsnprintf(text, sizeof(text), format, copy);
	va_end(copy);
	if (level == LIBBPF_WARN)
		sscanf(text, "libbpf: prog '%255[^']'", refused);
	return vfprintf(stderr, format, arguments);
}

/* Whatever the section means otherwise, the program is stopped before it is loaded; NULL is for all that is not listed. */
static const char *sections[] = {
	"kprobe+", "kretprobe+", "uprobe+", "uretprobe+", "ksyscall+", "kretsyscall+", "tp+", "tracepoint+", "raw_tp+", "raw_tracepoint+",
	"tp_btf+", "fentry+", "fentry.s+", "fexit+", "fmod_ret+", "iter+", "lsm+", "perf_event", "usdt+", "xdp", "socket", NULL,
};

static int is_one_of(const char *name, char **names, int count)
{
	for (int i = 0; i < count; i++) {
		if (!strcmp(name, names[i]))
			return 1;
	}
	return 0;
}

/* Returns 0 when all that can be relocated was shown. */
static int relocate_together(const char *path, const struct bpf_object_open_opts *options, int count, char **names, int separate)
{
	char **left_out = calloc(count + separate + 1, sizeof(*left_out));

	memcpy(left_out, names, separate * sizeof(*names));
	for (int i = separate; i <= count + separate; i++) {
		struct bpf_program *program;
		int error, left = 0;

		whole = bpf_object__open_file(path, options);
		if (!whole)
			return 1;
		bpf_object__for_each_program(program, whole) {
			if (is_one_of(bpf_program__name(program), left_out, i))
				bpf_program__set_autoload(program, false);
			else
				left++;
		}
		refused[0] = 0;
		error = left ? bpf_object__load(whole) : -ECANCELED;
		bpf_object__close(whole);
		whole = NULL;
		if (error == -ECANCELED)
			return 0;
		if (!refused[0])
			return 1;
		printf("refused %s %d\n", refused, error);
		left_out[i] = strdup(refused);
	}
	return 1;
}

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

	if (argc > 3 && relocate_together(argv[1], &options, count, argv + 4, argc - 4))
		return 1;
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
		if (argc > 3 && !is_one_of(name, argv + 4, argc - 4)) {
			bpf_object__close(object);
			continue;
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

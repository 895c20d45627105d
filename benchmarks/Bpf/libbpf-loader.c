/*
 * The peer: what libbpf takes to open and load an object, or to read and search the kernel's types, in a process of its own.
 *   load OBJECT     open and load everything in it:                 ns, or minus the errno
 *   types FILE      read the kernel's types and look for each line "KIND NAME" of the file:   ns, found
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments)
{
	long long start = now();

	if (count < 3)
		return 2;
	libbpf_set_print(silent);
	if (!strcmp(arguments[1], "load")) {
		struct bpf_object *object = bpf_object__open_file(arguments[2], NULL);

		if (!object || bpf_object__load(object))
			printf("-%d\n", errno);
		else
			printf("%lld\n", now() - start);
	} else {
		FILE *names = fopen(arguments[2], "r");
		struct btf *types = btf__load_vmlinux_btf();
		char name[256];
		unsigned int kind;
		int found = 0;

		if (!names || !types)
			return 1;
		while (fscanf(names, "%u %255s", &kind, name) == 2)
			found += btf__find_by_name_kind(types, name, kind) > 0;
		printf("%lld %d\n", now() - start, found);
	}
	return 0;
}

/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * What libbpf makes of the programs of objects on the running kernel, the yardstick for the loader: for each object file of the
 * directory, a line for each program,
 *   OBJECT PROGRAM loaded      or      OBJECT PROGRAM ERRNO
 * An object is loaded as a whole; the program that is named when it fails is left out, and the rest is tried again.
 */
#include <bpf/libbpf.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAMS 128

static char blamed[256];

/* The last program that libbpf warns of. */
static int note(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char line[1024], *end;

	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(line, sizeof(line), format, arguments);
	if (getenv("VERBOSE"))
		fputs(line, stderr);
	if (strncmp(line, "libbpf: prog '", 14))
		return 0;
	end = strchr(line + 14, '\'');
	if (end) {
		*end = 0;
		snprintf(blamed, sizeof(blamed), "%.255s", line + 14);
	}
	return 0;
}

/* What the tools set when they run. */
static void set_sizes(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) {
		if (!bpf_map__max_entries(map))
			bpf_map__set_max_entries(map, 1024);
		if (bpf_map__type(map) == BPF_MAP_TYPE_STACK_TRACE && bpf_map__value_size(map) < 8)
			bpf_map__set_value_size(map, 127 * 8);
	}
}

static void report(const char *path, const char *name)
{
	int refused[PROGRAMS] = {0}, count = 0, error;

	for (int left = PROGRAMS; left > 0; left--) {
		struct bpf_object *object = bpf_object__open_file(path, NULL);
		struct bpf_program *program;
		int at = 0, found = -1;

		if (!object) {
			printf("%s - -1\n", name);
			return;
		}
		set_sizes(object);
		bpf_object__for_each_program(program, object) {
			if (at < PROGRAMS)
				bpf_program__set_autoload(program, !refused[at++]);
		}
		count = at;
		blamed[0] = 0;
		error = bpf_object__load(object);
		at = 0;
		bpf_object__for_each_program(program, object) {
			if (error && !strcmp(bpf_program__name(program), blamed) && !refused[at])
				found = at;
			if (!error && at < PROGRAMS)
				refused[at] ? (void)printf("%s %s %d\n", name, bpf_program__name(program), refused[at])
					    : (void)printf("%s %s loaded\n", name, bpf_program__name(program));
			at++;
		}
		/* No program is to blame: the object as a whole can't be loaded. */
		if (error && found < 0) {
			at = 0;
			bpf_object__for_each_program(program, object)
				printf("%s %s %d\n", name, bpf_program__name(program), refused[at] ? refused[at] : error), at++;
		}
		bpf_object__close(object);
		if (!error || found < 0)
			return;
		refused[found] = error;
	}
	fprintf(stderr, "%s has more than %d programs (%d)\n", name, PROGRAMS, count);
}

int main(int argc, char **argv)
{
	struct dirent **entries;
	char path[4096];
	int count;

	if (argc < 2 || (count = scandir(argv[1], &entries, NULL, alphasort)) < 0)
		return 1;
	libbpf_set_print(note);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entries[i]->d_name);
		report(path, entries[i]->d_name);
	}
	return 0;
}

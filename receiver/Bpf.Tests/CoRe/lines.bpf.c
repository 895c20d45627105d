/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Where in the source a relocation is that the compiler put between two statements. */
#define SEC(name) __attribute__((section(name), used))
#define CORE __attribute__((preserve_access_index))
#define read(destination, pointer, field) \
	probe_read_kernel(destination, sizeof((pointer)->field), __builtin_preserve_access_index(&(pointer)->field))

static long (*probe_read_kernel)(void *destination, unsigned int size, const void *source) = (void *)113;
static unsigned long long (*ktime_get_ns)(void) = (void *)5;
static void *(*current_task)(void) = (void *)35;

struct task {
	struct task *next;
	int moved;
	int first;
} CORE;

enum kind { KIND_GONE = 5, KIND_CHANGED = 6 };

struct {
	unsigned long long start, end, size;
	int moved, first, parents;
} found;

SEC("raw_tp/sys_enter") int between(void *context)
{
	struct task *task = current_task(), *parent = 0;
	found.start = ktime_get_ns();
	read(&found.moved, task, moved);
	found.end = ktime_get_ns();
	read(&found.first, task, first);
	read(&parent, task, next);
	read(&found.parents, parent, moved);
	found.size = __builtin_preserve_type_info(*(struct task *)0, 1);
	if (__builtin_preserve_field_info(task->moved, 2))
		found.end++;
	found.start = found.end;
	return task->first;
}

char declared_license[] SEC("license") = "Dual BSD/GPL";

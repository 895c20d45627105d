/* Storage that belongs to a task (Linux 5.11 for tracing programs). */
#include "check.h"

static void *(*task_storage)(const void *map, void *task, void *value, __u64 flags) = (void *)156;
static struct task_struct *(*current_task_btf)(void) = (void *)158;

struct {
	MAP_NUMBER(type, 29);
	MAP_NUMBER(map_flags, 1); /* BPF_F_NO_PREALLOC */
	MAP_TYPE(key, int);
	MAP_TYPE(value, __u64);
} tasks SEC(".maps");

SEC("tp_btf/task_rename") int on_task(__u64 *context)
{
	struct verdict *v = find_verdict();
	__u64 *value;

	if (!v || current_pid_tgid() >> 32 != target)
		return 0;
	v->runs++;
	value = task_storage(&tasks, current_task_btf(), 0, 1 /* create */);
	if (!value) {
		v->facts[1]++;
		return 0;
	}
	*value += 21;
	v->facts[0] = *value;
	return 0;
}

EXPORT_LICENSE;

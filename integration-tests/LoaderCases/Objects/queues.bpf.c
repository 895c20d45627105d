/* Queues and stacks, which have no keys. */
#include "check.h"

static long (*map_push)(const void *map, const void *value, __u64 flags) = (void *)87;
static long (*map_pop)(const void *map, void *value) = (void *)88;
static long (*map_peek)(const void *map, void *value) = (void *)89;

struct {
	MAP_NUMBER(type, 22);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 4);
} queue SEC(".maps");

struct {
	MAP_NUMBER(type, 23);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 4);
} stack SEC(".maps");

CHECKS(on_queues)
{
	__u64 value = 0;

	CHECK_SAME((int)map_pop(&queue, &value), -2 /* ENOENT */); /* an int, of which the upper half is undefined until 6.3 */
	for (int i = 1; i <= 4; i++) {
		value = i;
		CHECK(!map_push(&queue, &value, 0));
		CHECK(!map_push(&stack, &value, 0));
	}
	CHECK_SAME((int)map_push(&queue, &value, 0), -7 /* E2BIG */);
	CHECK(!map_push(&queue, &value, 2 /* BPF_EXIST: drops the oldest */));
	CHECK(!map_peek(&queue, &value) && value == 2);
	CHECK(!map_pop(&queue, &value) && value == 2);
	CHECK(!map_pop(&stack, &value) && value == 4);
	CHECK(!map_peek(&stack, &value) && value == 3);
	return 0;
}

EXPORT_LICENSE;

/* Callbacks: functions whose address a program gives to a helper. */
#include "check.h"

static long (*for_each)(void *map, void *callback, void *context, __u64 flags) = (void *)164;
static long (*loop)(__u32 times, void *callback, void *context, __u64 flags) = (void *)181;

struct {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 10);
} numbers SEC(".maps");

struct sum {
	__u64 keys, values;
};

static long add(void *map, __u32 *key, __u64 *value, struct sum *sum)
{
	sum->keys += *key;
	sum->values += *value;
	return 0;
}

/* User space made i -> 100 i. */
CHECKS(on_each)
{
	struct sum sum = {};

	CHECK_SAME(for_each(&numbers, add, &sum, 0), 10);
	CHECK_SAME(sum.keys, 45);
	CHECK_SAME(sum.values, 4500);
	return 0;
}

static long step(__u32 index, __u64 *sum)
{
	*sum += index;
	return index == 99;
}

CHECKS(on_loop)
{
	__u64 sum = 0;

	CHECK_SAME(loop(1000, step, &sum, 0), 100);
	CHECK_SAME(sum, 4950);
	return 0;
}

EXPORT_LICENSE;

/* Maps of maps, and of programs. */
#include "check.h"

static long (*tail_call)(void *context, const void *programs, __u32 index) = (void *)12;

struct inner {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 4);
};

struct inner first SEC(".maps");

struct {
	MAP_NUMBER(type, 12); /* array of maps */
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 4);
	MAP_NUMBER(max_entries, 8);
	struct inner *values[];
} array_of_maps SEC(".maps") = {
	.values = {[3] = &first},
};

struct {
	MAP_NUMBER(type, 13); /* hash of maps */
	MAP_TYPE(key, __u64);
	MAP_NUMBER(value_size, 4);
	MAP_NUMBER(max_entries, 8);
	struct inner *values[];
} hash_of_maps SEC(".maps");

/* User space put a map with 11, 12, 13, 14 at [5] and under 1 << 40; "first" is at [3]. */
CHECKS(on_maps)
{
	__u32 index = 5, two = 2;
	__u64 key = 1ULL << 40;
	void *inner = map_lookup(&array_of_maps, &index);
	__u64 *value;

	CHECK(inner);
	value = map_lookup(inner, &two);
	CHECK(value);
	CHECK_SAME(*value, 13);
	*value = 113;
	inner = map_lookup(&hash_of_maps, &key);
	CHECK(inner);
	value = map_lookup(inner, &two);
	CHECK(value);
	CHECK_SAME(*value, 113);
	index = 3;
	inner = map_lookup(&array_of_maps, &index);
	CHECK(inner);
	value = map_lookup(inner, &two);
	CHECK(value);
	CHECK_SAME(*value, 0);
	*value = 55;
	index = 4;
	CHECK(!map_lookup(&array_of_maps, &index));
	key = 7;
	CHECK(!map_lookup(&hash_of_maps, &key));
	return 0;
}

struct {
	MAP_NUMBER(type, 3); /* programs */
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 4);
	MAP_NUMBER(max_entries, 4);
} programs SEC(".maps");

SEC("raw_tp/sys_enter") int called(struct raw_arguments *context)
{
	struct verdict *v = find_verdict();

	if (!v)
		return 0;
	CHECK_SAME(context->value[1], SYSCALL_GETPGID);
	v->facts[0] = 77;
	return 0;
}

CHECKS(calls)
{
	tail_call(context, &programs, 1); /* nothing is there: goes on */
	v->facts[1] = 1;
	tail_call(context, &programs, 2);
	CHECK(0);
	return 0;
}

EXPORT_LICENSE;

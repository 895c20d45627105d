/* Kinds of map that every supported kernel has, used from both sides: filled by user space, checked and changed here, read there again. */
#include "check.h"

#define ENTRIES 100

static __u32 (*current_cpu)(void) = (void *)8;
static long (*stack_id)(void *context, const void *map, __u64 flags) = (void *)27;

struct pair {
	__u32 first, second;
};

struct odd {
	__u8 bytes[12]; /* no multiple of 8 */
};

struct prefix {
	__u32 bits;
	__u8 address[4];
};

#define MAP(name, kind, key_type, value_type, entries)  \
	struct {                                        \
		MAP_NUMBER(type, kind);                 \
		MAP_TYPE(key, key_type);                \
		MAP_TYPE(value, value_type);            \
		MAP_NUMBER(max_entries, entries);       \
	} name SEC(".maps")

MAP(hash, MAP_HASH, struct pair, __u64, 200);
MAP(array, MAP_ARRAY, __u32, __u64, ENTRIES);
MAP(percpu_hash, MAP_PERCPU_HASH, __u32, struct odd, 10);
MAP(percpu_array, MAP_PERCPU_ARRAY, __u32, __u64, 4);
MAP(lru, MAP_LRU_HASH, __u32, __u64, ENTRIES);
MAP(percpu_lru, 10, __u32, __u64, ENTRIES);

struct {
	MAP_NUMBER(type, 11); /* LPM trie */
	MAP_TYPE(key, struct prefix);
	MAP_TYPE(value, __u32);
	MAP_NUMBER(max_entries, 16);
	MAP_NUMBER(map_flags, 1); /* BPF_F_NO_PREALLOC */
} trie SEC(".maps");

struct {
	MAP_NUMBER(type, 7); /* stack traces */
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 127 * 8);
	MAP_NUMBER(max_entries, 64);
} stacks SEC(".maps");

/* Until 6.3 what maps give as an int comes without its upper half, hence the casts. User space made (i, ~i) -> 3 i for 0..99. */
CHECKS(on_hash)
{
	for (__u32 i = 0; i < ENTRIES; i++) {
		struct pair key = {i, ~i};
		__u64 *value = map_lookup(&hash, &key);

		CHECK(value);
		CHECK_SAME(*value, 3 * i);
		if (i % 2)
			CHECK(!map_delete(&hash, &key));
		else
			ADD(*value, 1);
	}
	struct pair key = {2, ~2};
	__u64 value = 77;

	CHECK_SAME((int)map_update(&hash, &key, &value, UPDATE_NOEXIST), -17 /* EEXIST */);
	key.second = 5;
	CHECK(!map_lookup(&hash, &key));
	CHECK_SAME((int)map_update(&hash, &key, &value, 2 /* BPF_EXIST */), -2 /* ENOENT */);
	CHECK(!map_update(&hash, &key, &value, UPDATE_ANY));
	return 0;
}

/* User space made i -> i * i. */
CHECKS(on_array)
{
	for (__u32 i = 0; i < ENTRIES; i++) {
		__u32 key = i;
		__u64 *value = map_lookup(&array, &key);

		CHECK(value);
		CHECK_SAME(*value, (__u64)i * i);
		*value += 1;
	}
	__u32 beyond = ENTRIES;

	CHECK(!map_lookup(&array, &beyond));
	CHECK_SAME((int)map_delete(&array, &beyond), -22 /* EINVAL */);
	return 0;
}

/* User space gave each CPU its own value: byte b of CPU c is 16 c + b, and 1000 c in the array. */
CHECKS(on_percpu)
{
	__u32 key = 7, one = 1, cpu = current_cpu();
	struct odd *odd = map_lookup(&percpu_hash, &key);
	__u64 *number = map_lookup(&percpu_array, &one);

	CHECK(odd && number);
	for (int i = 0; i < 12; i++)
		CHECK_SAME(odd->bytes[i], (__u8)(16 * cpu + i));
	CHECK_SAME(*number, 1000 * cpu);
	*number += 5;
	odd->bytes[11] = 0xee;
	v->facts[0] = cpu;
	key = 8;
	struct odd other = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};

	CHECK(!map_update(&percpu_hash, &key, &other, UPDATE_ANY));
	return 0;
}

/* Ten times as many as there is room for. */
CHECKS(on_lru)
{
	for (__u32 i = 0; i < 10 * ENTRIES; i++) {
		/* A copy: the verifier loses count of a number that is on the stack. */
		__u32 key = i;
		__u64 value = i + 1;

		CHECK(!map_update(&lru, &key, &value, UPDATE_ANY));
		CHECK(!map_update(&percpu_lru, &key, &value, UPDATE_ANY));
	}
	__u32 last = 10 * ENTRIES - 1;
	__u64 *value = map_lookup(&lru, &last);

	CHECK(value && *value == 10 * ENTRIES);
	value = map_lookup(&percpu_lru, &last);
	CHECK(value && *value == 10 * ENTRIES);
	return 0;
}

/* User space made 0.0.0.0/0 -> 1, 10.0.0.0/8 -> 2, 10.1.0.0/16 -> 3. */
CHECKS(on_trie)
{
	struct prefix key = {32, {10, 1, 2, 3}};
	__u32 *value = map_lookup(&trie, &key);

	CHECK(value && *value == 3);
	key.address[1] = 2;
	value = map_lookup(&trie, &key);
	CHECK(value && *value == 2);
	key.address[0] = 11;
	value = map_lookup(&trie, &key);
	CHECK(value && *value == 1);
	struct prefix made = {24, {11, 2, 3, 0}};
	__u32 number = 4;

	CHECK(!map_update(&trie, &made, &number, UPDATE_ANY));
	key.address[2] = 3;
	value = map_lookup(&trie, &key);
	CHECK(value && *value == 4);
	return 0;
}

CHECKS(on_stacks)
{
	long id = stack_id(context, &stacks, 0);

	CHECK(id >= 0 && id < 64);
	v->facts[0] = id;
	id = stack_id(context, &stacks, 1 << 8 /* BPF_F_USER_STACK */ | 1 << 10 /* BPF_F_REUSE_STACKID */);
	CHECK(id >= 0 && id < 64);
	v->facts[1] = id;
	return 0;
}

EXPORT_LICENSE;

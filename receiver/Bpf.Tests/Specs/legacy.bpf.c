/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Maps as they were declared before BTF, beside one that is declared with it. */
#define SEC(name) __attribute__((section(name), used))
typedef unsigned int u32;
typedef unsigned long long u64;

struct bpf_map_def {
	u32 type, key_size, value_size, max_entries, map_flags;
};

char declared_license[] SEC("license") = "GPL";

struct bpf_map_def SEC("maps") old_hash = { .type = 1, .key_size = 4, .value_size = 8, .max_entries = 16, .map_flags = 1 };
struct bpf_map_def SEC("maps") old_array = { .type = 2, .key_size = 4, .value_size = 4, .max_entries = 3 };
#ifdef TALKATIVE
struct talkative {
	struct bpf_map_def definition;
	u32 pinning;
};
struct talkative SEC("maps") more = { .definition = { .type = 1, .key_size = 4, .value_size = 4, .max_entries = 1 }, .pinning = 2 };
#endif

struct {
	int (*type)[2];
	int (*max_entries)[1];
	u32 *key;
	u32 *value;
	/* A number of 64 bits is the only enumerator of an enum. */
	enum { EXTRA = 0x90000000u } map_extra;
} new_array SEC(".maps");

static void *(*lookup)(void *map, const void *key) = (void *)1;

SEC("raw_tp/sys_enter") int looks(void *context)
{
	u32 key = 1;

	return lookup(&old_hash, &key) && lookup(&old_array, &key) && lookup(&new_array, &key);
}

/* An array that user space maps into its memory (Linux 5.5). */
#include "check.h"

struct {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 1000);
	MAP_NUMBER(map_flags, 1 << 10); /* BPF_F_MMAPABLE */
} mapped SEC(".maps");

/* User space wrote i + 7 at each. */
CHECKS(on_mapped)
{
	for (__u32 i = 0; i < 1000; i++) {
		__u32 key = i;
		__u64 *value = map_lookup(&mapped, &key);

		CHECK(value);
		CHECK_SAME(*value, i + 7);
		*value *= 2;
	}
	return 0;
}

EXPORT_LICENSE;

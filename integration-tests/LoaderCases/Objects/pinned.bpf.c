/* A map that is to be pinned by its name. */
#include "check.h"

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 8);
	MAP_NUMBER(pinning, 1); /* by name */
} pinned_counts SEC(".maps");

CHECKS(counts)
{
	__u32 key = 3;
	__u64 one = 1, *value = map_lookup(&pinned_counts, &key);

	if (value)
		ADD(*value, 1);
	else
		CHECK(!map_update(&pinned_counts, &key, &one, UPDATE_ANY));
	return 0;
}

EXPORT_LICENSE;

/* Numbered samples into a ring buffer at each trigger: put out whole, reserved and submitted, or reserved and thrown away. */
#include "check.h"

static long (*ring_output)(void *ring, void *data, __u64 size, __u64 flags) = (void *)130;
static void *(*ring_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*ring_submit)(void *data, __u64 flags) = (void *)132;
static void (*ring_discard)(void *data, __u64 flags) = (void *)133;
static __u64 (*ring_query)(void *ring, __u64 what) = (void *)134;

struct sample {
	__u64 sequence, check;
	__u32 more; /* 20 bytes are used: records are rounded up to 8 */
};

struct {
	MAP_NUMBER(type, 27);
	MAP_NUMBER(max_entries, 4096);
} ring SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 1);
} losses SEC(".maps");

/* facts: 0 put out, 1 lost because the buffer was full, 2 thrown away. */
CHECKS(on_trigger)
{
	struct sample sample = {.sequence = v->runs, .check = ~(__u64)v->runs};
	__u64 *lost, *reserved;
	__u32 zero = 0;

	CHECK_SAME(ring_query(&ring, 1 /* size */), 4096);
	if (v->runs % 5 == 4) {
		reserved = ring_reserve(&ring, 16, 0);
		if (reserved) {
			ring_discard(reserved, 0);
			v->facts[2]++;
			return 0;
		}
	} else if (v->runs % 2) {
		if (!ring_output(&ring, &sample, 20, 0)) {
			v->facts[0]++;
			return 0;
		}
	} else {
		reserved = ring_reserve(&ring, 24, 0);
		if (reserved) {
			reserved[0] = sample.sequence;
			reserved[1] = sample.check;
			reserved[2] = 0;
			ring_submit(reserved, 0);
			v->facts[0]++;
			return 0;
		}
	}
	v->facts[1]++;
	lost = map_lookup(&losses, &zero);
	if (lost)
		*lost += 1;
	return 0;
}

EXPORT_LICENSE;

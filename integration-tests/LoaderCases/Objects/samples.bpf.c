/* A numbered sample into a perf buffer at each trigger, and what became of it. */
#include "check.h"

#define LARGEST 1024

CONSTANT __u32 sample_size = 20;

struct {
	MAP_NUMBER(type, MAP_PERF_EVENT_ARRAY);
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 4);
} samples SEC(".maps");

struct scratch {
	__u64 sequence;
	__u64 pattern[LARGEST / 8 - 1];
};

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct scratch);
	MAP_NUMBER(max_entries, 1);
} scratch SEC(".maps");

/* facts: 0 put out, 1 refused because the buffer was full, 2 refused for another reason. */
CHECKS(on_trigger)
{
	__u32 zero = 0, size = sample_size;
	struct scratch *sample = map_lookup(&scratch, &zero);
	long refusal;

	CHECK(sample && size >= 16 && size <= sizeof(*sample));
	sample->sequence++; /* of this CPU: adding and fetching in one is newer than 5.10 */
	sample->pattern[0] = ~sample->sequence;
	refusal = perf_event_output(context, &samples, CURRENT_CPU, sample, size);
	if (!refusal)
		ADD(v->facts[0], 1);
	else if (refusal == -28 /* ENOSPC */)
		ADD(v->facts[1], 1);
	else
		ADD(v->facts[2], 1);
	return 0;
}

EXPORT_LICENSE;

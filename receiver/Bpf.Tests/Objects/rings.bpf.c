/* Puts a numbered sample into a ring buffer for each getpgid(0x5a17) of one process, in the ways there are, and counts what became of it. */
#include "bpf.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_GETPGID 121
#define FIRST_ARGUMENT(registers) ((registers)->di)
#else
#define SYSCALL_GETPGID 155
#define FIRST_ARGUMENT(registers) ((registers)->regs[0])
#endif
#include "registers.h"

#define MAP_RING_BUFFER 27
#define NO_WAKEUP 1
#define FORCE_WAKEUP 2
#define LARGEST 1024

static long (*stack_id)(void *context, const void *map, __u64 flags) = (void *)27;
static long (*ring_output)(void *ring, const void *data, __u64 size, __u64 flags) = (void *)130;
static void *(*ring_reserve)(void *ring, __u64 size, __u64 flags) = (void *)131;
static void (*ring_submit)(void *sample, __u64 flags) = (void *)132;
static void (*ring_discard)(void *sample, __u64 flags) = (void *)133;

CONSTANT __u32 target = 0;
CONSTANT __u32 sample_size = 24;
CONSTANT __u32 wake_every = 0;    /* 0: as the kernel does by itself */
CONSTANT __u32 discard_every = 0; /* 0: none */
CONSTANT __u32 alternate = 0;     /* every other sample goes into the second buffer */

struct {
	__u64 produced;
	__u64 refused;
	__u64 discarded;
} counters;

struct {
	MAP_NUMBER(type, MAP_RING_BUFFER);
	MAP_NUMBER(max_entries, 4096);
} first SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_RING_BUFFER);
	MAP_NUMBER(max_entries, 65536);
} second SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __u64);
	MAP_NUMBER(max_entries, 1);
} losses SEC(".maps");

struct {
	MAP_NUMBER(type, 7); /* stacks */
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 256);
	MAP_NUMBER(max_entries, 64);
} stacks SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, __s64);
	MAP_NUMBER(max_entries, 1);
} last_stack SEC(".maps");

struct scratch {
	__u64 sequence;
	__u64 pattern[LARGEST / 8];
};

struct {
	MAP_NUMBER(type, MAP_PERCPU_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct scratch);
	MAP_NUMBER(max_entries, 1);
} scratch SEC(".maps");

struct raw_arguments {
	__u64 value[8];
};

struct reserved {
	__u64 sequence;
	__u64 pattern;
	__u64 rest;
};

INLINE void lose(void)
{
	__u32 zero = 0;
	__u64 *count = map_lookup(&losses, &zero);

	if (count)
		ADD(*count, 1);
	ADD(counters.refused, 1);
}

SEC("raw_tp/sys_enter") int on_getpgid(struct raw_arguments *context)
{
	const struct pt_regs *registers = (const void *)context->value[0];
	__u32 zero = 0, size = sample_size;
	__u64 argument = 0, flags = 0, number;
	struct scratch *sample;

	if (context->value[1] != SYSCALL_GETPGID || current_pid_tgid() >> 32 != target)
		return 0;
	probe_read_kernel(&argument, sizeof(argument), &FIRST_ARGUMENT(registers));
	if ((__u32)argument != 0x5a17)
		return 0;
	sample = map_lookup(&scratch, &zero);
	if (!sample || size > sizeof(*sample))
		return 0;
	ADD(counters.produced, 1);
	number = ++sample->sequence;
	if (wake_every)
		flags = number % wake_every ? NO_WAKEUP : FORCE_WAKEUP;
	if (discard_every) {
		struct reserved *reserved = ring_reserve(&first, sizeof(*reserved), 0);

		if (!reserved) {
			lose();
			return 0;
		}
		reserved->sequence = number;
		reserved->pattern = ~number;
		reserved->rest = 0;
		if (number % discard_every == 0) {
			ADD(counters.discarded, 1);
			ring_discard(reserved, flags);
		} else {
			ring_submit(reserved, flags);
		}
		return 0;
	}
	sample->pattern[0] = ~number;
	if (alternate && number % 2) {
		if (ring_output(&second, sample, size, flags))
			lose();
	} else if (ring_output(&first, sample, size, flags)) {
		lose();
	}
	return 0;
}

/* The stack at each getpgid of the process. */
SEC("raw_tp/sys_enter") int on_stack(struct raw_arguments *context)
{
	__u32 zero = 0;
	__s64 id;

	if (context->value[1] != SYSCALL_GETPGID || current_pid_tgid() >> 32 != target)
		return 0;
	id = stack_id(context, &stacks, 0);
	map_update(&last_stack, &zero, &id, UPDATE_ANY);
	return 0;
}

EXPORT_LICENSE;

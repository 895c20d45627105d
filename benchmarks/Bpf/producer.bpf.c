/* Samples for each getpgid(0x5a17) of one process, into a perf buffer or a ring buffer: what both consumers are given to read. */
#include "bpf.h"
#include "registers.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_GETPGID 121
#define FIRST_ARGUMENT(registers) ((registers)->di)
#else
#define SYSCALL_GETPGID 155
#define FIRST_ARGUMENT(registers) ((registers)->regs[0])
#endif
#define MAP_RING_BUFFER 27
#define NO_WAKEUP 1
#define FORCE_WAKEUP 2
#define LARGEST 1024
#define SAMPLES_A_CALL 8

static long (*ring_output)(void *ring, const void *data, __u64 size, __u64 flags) = (void *)130;

CONSTANT struct {
	__u32 target;
	__u32 size;
	__u32 use_ring;
	__u32 wake_every; /* of the ring buffer; a perf buffer has it in its event */
} setting = {0, 96, 0, 1};

struct {
	__u64 produced;
	__u64 refused;
} counters;

struct {
	MAP_NUMBER(type, MAP_PERF_EVENT_ARRAY);
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 4);
} samples SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_RING_BUFFER);
	MAP_NUMBER(max_entries, 4194304);
} ring SEC(".maps");

struct scratch {
	__u64 sequence;
	__u64 rest[LARGEST / 8];
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

SEC("raw_tp/sys_enter") int produce(struct raw_arguments *context)
{
	const struct pt_regs *registers = (const void *)context->value[0];
	__u32 zero = 0, size = setting.size;
	__u64 argument = 0;
	struct scratch *sample;

	if (context->value[1] != SYSCALL_GETPGID || current_pid_tgid() >> 32 != setting.target)
		return 0;
	probe_read_kernel(&argument, sizeof(argument), &FIRST_ARGUMENT(registers));
	if ((__u32)argument != 0x5a17)
		return 0;
	sample = map_lookup(&scratch, &zero);
	if (!sample || size > LARGEST)
		return 0;
	for (int i = 0; i < SAMPLES_A_CALL; i++) {
		long failed;

		sample->sequence++;
		if (setting.use_ring)
			failed = ring_output(&ring, sample, size,
					     setting.wake_every > 1 ? (sample->sequence % setting.wake_every ? NO_WAKEUP : FORCE_WAKEUP) : 0);
		else
			failed = perf_event_output(context, &samples, CURRENT_CPU, sample, size);
		ADD(counters.produced, 1);
		if (failed)
			ADD(counters.refused, 1);
	}
	return 0;
}

EXPORT_LICENSE;

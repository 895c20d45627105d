/* Puts a numbered sample out for each getpgid(0x5a17) of one process, and counts what became of it. */
#include "bpf.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_GETPGID 121
#define FIRST_ARGUMENT(registers) ((registers)->di)
#else
#define SYSCALL_GETPGID 155
#define FIRST_ARGUMENT(registers) ((registers)->regs[0])
#endif
#include "registers.h"

#define LARGEST 512

CONSTANT __u32 target = 0;
CONSTANT __u32 sample_size = 20;

__u64 produced;
__u64 refused; /* the buffer was full */
__u64 failed;  /* for another reason */

struct {
	MAP_NUMBER(type, MAP_PERF_EVENT_ARRAY);
	MAP_NUMBER(key_size, 4);
	MAP_NUMBER(value_size, 4);
} samples SEC(".maps");

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

SEC("raw_tp/sys_enter") int on_getpgid(struct raw_arguments *context)
{
	const struct pt_regs *registers = (const void *)context->value[0];
	__u32 zero = 0, size = sample_size;
	__u64 argument = 0;
	struct scratch *sample;
	long result;

	if (context->value[1] != SYSCALL_GETPGID || current_pid_tgid() >> 32 != target)
		return 0;
	probe_read_kernel(&argument, sizeof(argument), &FIRST_ARGUMENT(registers));
	if ((__u32)argument != 0x5a17)
		return 0;
	sample = map_lookup(&scratch, &zero);
	if (!sample || size > sizeof(*sample))
		return 0;
	ADD(produced, 1);
	sample->sequence++; /* of this CPU: adding and fetching in one is newer than 5.10 */
	sample->pattern[0] = ~sample->sequence;
	result = perf_event_output(context, &samples, CURRENT_CPU, sample, size);
	if (result == -28 /* ENOSPC */)
		ADD(refused, 1);
	else if (result)
		ADD(failed, 1);
	return 0;
}

EXPORT_LICENSE;

/*
 * Programs that check themselves: the line of the first check that failed is left in a map, 0 says that all held. They run when the
 * process under test calls getpgid(0x5a17), in the middle of that system call.
 */
#ifndef CASES_CHECK_H
#define CASES_CHECK_H

#include "bpf.h"
#include "registers.h"

#if defined(__TARGET_ARCH_x86)
#define SYSCALL_GETPGID 121
#define SYS_GETPGID "__x64_sys_getpgid"
#define FIRST_ARGUMENT(registers) ((registers)->di)
#else
#define SYSCALL_GETPGID 155
#define SYS_GETPGID "__arm64_sys_getpgid"
#define FIRST_ARGUMENT(registers) ((registers)->regs[0])
#endif

#define TRIGGER 0x5a17
#define FACTS 16

CONSTANT __u32 target = 0;  /* process id of the process under test */
CONSTANT __u32 release = 0; /* 5010 is Linux 5.10, 7002 is 7.2 */

struct verdict {
	__u32 runs;
	__u32 failed_line;
	__u64 actual, expected;
	__u64 facts[FACTS];
};

struct {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, __u32);
	MAP_TYPE(value, struct verdict);
	MAP_NUMBER(max_entries, 1);
} verdict SEC(".maps");

struct raw_arguments {
	__u64 value[8];
};

INLINE struct verdict *find_verdict(void)
{
	__u32 zero = 0;

	return map_lookup(&verdict, &zero);
}

INLINE struct verdict *triggered(struct raw_arguments *context)
{
	const struct pt_regs *registers = (const void *)context->value[0];
	struct verdict *found;
	__u64 argument = 0;

	if (context->value[1] != SYSCALL_GETPGID || current_pid_tgid() >> 32 != target)
		return 0;
	probe_read_kernel(&argument, sizeof(argument), &FIRST_ARGUMENT(registers));
	if ((__u32)argument != TRIGGER)
		return 0;
	found = find_verdict();
	if (found)
		found->runs++;
	return found;
}

/* A program of the given name whose body has struct verdict *v; it returns 0. */
#define CHECKS(name)                                                        \
	INLINE int name##_checks(struct raw_arguments *context, struct verdict *v); \
	SEC("raw_tp/sys_enter") int name(struct raw_arguments *context)     \
	{                                                                   \
		struct verdict *v = triggered(context);                     \
		return v ? name##_checks(context, v) : 0;                   \
	}                                                                   \
	INLINE int name##_checks(struct raw_arguments *context, struct verdict *v)

#define CHECK(condition)                                   \
	do {                                               \
		if (!(condition)) {                        \
			if (!v->failed_line)               \
				v->failed_line = __LINE__; \
			return 0;                          \
		}                                          \
	} while (0)

/* The same, and what it was instead is told. */
#define CHECK_SAME(actual_value, expected_value)           \
	do {                                               \
		__u64 actual_ = (actual_value);            \
		__u64 expected_ = (expected_value);        \
		if (actual_ != expected_) {                \
			if (!v->failed_line) {             \
				v->failed_line = __LINE__; \
				v->actual = actual_;       \
				v->expected = expected_;   \
			}                                  \
			return 0;                          \
		}                                          \
	} while (0)

#endif

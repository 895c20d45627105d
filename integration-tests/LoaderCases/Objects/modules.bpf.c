/*
 * What modules of the kernel have: functions, tracepoints, types that only they know, symbols. loop and null_blk are there for it; the
 * triggers are ioctl(LOOP_GET_STATUS64) on /dev/loop1, which has no file, and ioctl(BLKREPORTZONE) on /dev/nullb1.
 */
#include "check.h"

#define CORE __attribute__((preserve_access_index))
#define KSYM __attribute__((section(".ksyms")))
#define READ(pointer, field)                                                                             \
	({                                                                                               \
		__typeof__(pointer) pointer_ = (pointer);                                                \
		__typeof__(pointer_->field) value_;                                                      \
		probe_read_kernel(&value_, sizeof(value_), __builtin_preserve_access_index(&pointer_->field)); \
		value_;                                                                                  \
	})

#define LOOP_GET_STATUS64 0x4C05
#define ENXIO 6

CONSTANT __u64 address = 0; /* of lo_ioctl, by /proc/kallsyms */

struct gendisk {
	void *private_data;
} CORE;

struct block_device {
	struct gendisk *bd_disk;
} CORE;

/* Of loop alone. */
struct loop_device {
	struct gendisk *lo_disk;
	long no_such_field;
	int lo_number;
} CORE;

INLINE struct verdict *of_target(void)
{
	struct verdict *v = find_verdict();

	if (!v || current_pid_tgid() >> 32 != target)
		return 0;
	v->runs++;
	return v;
}

SEC("kprobe/lo_ioctl") int on_kprobe(struct pt_regs *registers)
{
	of_target();
	return 0;
}

SEC("kprobe.multi/lo_ioct*") int on_kprobe_multi(struct pt_regs *registers)
{
	of_target();
	return 0;
}

SEC("tp/nullb/nullb_report_zones") int on_tracepoint(void *context)
{
	of_target();
	return 0;
}

SEC("fentry/lo_ioctl") int on_fentry(__u64 *context)
{
	struct verdict *v = of_target();

	if (v)
		CHECK_SAME((__u32)context[2], LOOP_GET_STATUS64);
	return 0;
}

SEC("fexit/lo_ioctl") int on_fexit(__u64 *context)
{
	struct verdict *v = of_target();

	if (v)
		CHECK_SAME((int)context[4], -ENXIO);
	return 0;
}

SEC("tp_btf/nullb_report_zones") int on_tp_btf(__u64 *context)
{
	struct verdict *v = of_target();

	if (v)
		CHECK((__u32)context[1] > 0); /* zones */
	return 0;
}

SEC("kprobe/lo_ioctl") int types(struct pt_regs *registers)
{
	struct block_device *device = (void *)FIRST_ARGUMENT(registers);
	struct verdict *v = of_target();
	struct loop_device *loop;
	struct gendisk *disk;

	if (!v)
		return 0;
	disk = READ(device, bd_disk);
	loop = READ(disk, private_data);
	CHECK_SAME(READ(loop, lo_number), 1);
	CHECK_SAME((__u64)READ(loop, lo_disk), (__u64)disk);
	CHECK(!__builtin_preserve_field_info(loop->no_such_field, 2));
	CHECK(__builtin_preserve_type_info(*(struct loop_device *)0, 0));
	CHECK(__builtin_preserve_type_info(*(struct loop_device *)0, 1) > sizeof(struct loop_device));
	return 0;
}

extern const void lo_ioctl KSYM;

CHECKS(symbol)
{
	CHECK_SAME((__u64)&lo_ioctl, address);
	return 0;
}

EXPORT_LICENSE;

/*
 * USDT probes of probed.c: "cases:hit" with (i, -i) as 8@ and -4@, "cases:guarded" behind a semaphore. The loader fills the two maps with
 * these names, as usdt.bpf.h of libbpf has them.
 */
#include "check.h"

static __u64 (*attach_cookie)(void *context) = (void *)174;

struct __bpf_usdt_arg_spec {
	__u64 val_off;
	int arg_type; /* 0 constant, 1 register, 2 memory at a register */
	short reg_off;
	bool arg_signed;
	char arg_bitshift;
};

struct __bpf_usdt_spec {
	struct __bpf_usdt_arg_spec args[12];
	__u64 usdt_cookie;
	short arg_cnt;
};

struct {
	MAP_NUMBER(type, MAP_ARRAY);
	MAP_TYPE(key, int);
	MAP_TYPE(value, struct __bpf_usdt_spec);
	MAP_NUMBER(max_entries, 16);
} __bpf_usdt_specs SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, long);
	MAP_TYPE(value, __u32);
	MAP_NUMBER(max_entries, 16);
} __bpf_usdt_ip_to_spec_id SEC(".maps");

CONSTANT __u32 probed = 0;

INLINE __s64 value_of(struct pt_regs *context, struct __bpf_usdt_arg_spec *argument)
{
	__u64 value = argument->val_off, at = 0;
	__u32 shift = argument->arg_bitshift & 63;

	if (argument->arg_type)
		probe_read_kernel(&at, sizeof(at), (void *)context + argument->reg_off);
	if (argument->arg_type == 1)
		value = at;
	else if (argument->arg_type == 2)
		probe_read_user(&value, sizeof(value), (void *)(at + argument->val_off));
	value <<= shift;
	return argument->arg_signed ? (__s64)value >> shift : value >> shift;
}

INLINE int hit(struct pt_regs *context, int id)
{
	struct __bpf_usdt_spec *spec = map_lookup(&__bpf_usdt_specs, &id);
	struct verdict *v = find_verdict();

	if (!v || current_pid_tgid() >> 32 != probed)
		return 0;
	CHECK(spec);
	CHECK_SAME(spec->arg_cnt, 2);
	CHECK_SAME(spec->usdt_cookie, 0x1234567890ULL);
	CHECK_SAME(value_of(context, &spec->args[0]), v->runs);
	CHECK_SAME(value_of(context, &spec->args[1]), -(__s64)v->runs);
	v->runs++;
	return 0;
}

SEC("usdt") int by_cookie(struct pt_regs *context)
{
	return hit(context, attach_cookie(context));
}

/* For kernels without cookies, before 5.15. */
SEC("usdt") int by_place(struct pt_regs *context)
{
	long place = context->ip;
	__u32 *id = map_lookup(&__bpf_usdt_ip_to_spec_id, &place);

	return hit(context, id ? *id : 1000);
}

EXPORT_LICENSE;

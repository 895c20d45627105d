/*
 * Takes the arguments of USDT probes by the maps that usdt.bpf.h has, and adds them up. Written apart from that header, so that a kernel
 * without cookies can be played on one that has them.
 */
#include "bpf.h"
#include "registers.h"

static __u64 (*attach_cookie)(void *context) = (void *)174;

enum place { CONSTANT_VALUE, REGISTER, MEMORY, INDEXED };

struct __bpf_usdt_arg_spec {
	__u64 val_off;
	int arg_type : 8;
	__u16 idx_reg_off : 12;
	__u16 scale_bitshift : 4;
	__u8 reserved : 8;
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
	MAP_NUMBER(max_entries, 4);
} __bpf_usdt_specs SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_TYPE(key, long);
	MAP_TYPE(value, __u32);
	MAP_NUMBER(max_entries, 16);
} __bpf_usdt_ip_to_spec_id SEC(".maps");

CONSTANT __u32 by_address = 0;

__u64 hits;
__u64 unknown; /* no specification was found */
__u64 cookie;
__u64 counts[13]; /* hits by number of arguments */
__s64 sums[12];

INLINE __u64 register_at(struct pt_regs *context, int offset)
{
	__u64 value = 0;

	probe_read_kernel(&value, sizeof(value), (void *)context + offset);
	return value;
}

INLINE __s64 argument_of(struct pt_regs *context, struct __bpf_usdt_arg_spec *argument)
{
	__u64 value = 0, address;
	__u32 shift = argument->arg_bitshift & 63;

	switch (argument->arg_type) {
	case CONSTANT_VALUE:
		value = argument->val_off;
		break;
	case REGISTER:
		value = register_at(context, argument->reg_off);
		break;
	case MEMORY:
		probe_read_user(&value, sizeof(value), (void *)(register_at(context, argument->reg_off) + argument->val_off));
		break;
	case INDEXED:
		address = register_at(context, argument->reg_off) + argument->val_off;
		address += register_at(context, argument->idx_reg_off) << argument->scale_bitshift;
		probe_read_user(&value, sizeof(value), (void *)address);
		break;
	}
	value <<= shift;
	return argument->arg_signed ? (__s64)value >> shift : value >> shift;
}

INLINE int take(struct pt_regs *context, int number)
{
	struct __bpf_usdt_spec *spec = map_lookup(&__bpf_usdt_specs, &number);

	ADD(hits, 1);
	if (number < 0)
		spec = 0;
	if (!spec || spec->arg_cnt < 0 || spec->arg_cnt > 12) {
		ADD(unknown, 1);
		return 0;
	}
	cookie = spec->usdt_cookie;
	ADD(counts[spec->arg_cnt], 1);
	for (int i = 0; i < 12; i++)
		if (i < spec->arg_cnt)
			ADD(sums[i], argument_of(context, &spec->args[i]));
	return 0;
}

SEC("usdt") int by_cookie(struct pt_regs *context)
{
	return take(context, attach_cookie(context));
}

SEC("usdt") int by_place(struct pt_regs *context)
{
	unsigned long place = context->ip;
	__u32 *number = map_lookup(&__bpf_usdt_ip_to_spec_id, &place);

	return take(context, number ? *number : -1);
}

SEC("usdt/libstdc++.so.6:libstdcxx:throw") int on_throw(struct pt_regs *context)
{
	return take(context, attach_cookie(context));
}

EXPORT_LICENSE;

/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Name lookups as programs make them: calls of the C library, one sample each on return. The library calls some of these
 * functions from others, so a thread's outermost call is the lookup; the stack tells which that is.
 */
#include "kernel.h"
#include "process.h"
#include "registers.h"
#include "samples.bpf.h"

EXPORT_LICENSE;

#define ERANGE 34
#define NAME_SIZE 256 /* a domain name has at most 253 characters */

enum entry_point {
	GETADDRINFO = 1,
	GETHOSTBYNAME,
	GETHOSTBYNAME2,
	GETHOSTBYNAME_R,
	GETHOSTBYNAME2_R,
};

struct lookup {
	__u64 start_time;
	__u64 frame;
	__u64 name;   /* in the memory of the process, valid until the call returns */
	__u64 result; /* of the _r functions: where they put the pointer to what they found */
	__u64 entry_point;
};

/* By thread. */
struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_NUMBER(max_entries, 512);
	MAP_TYPE(key, __u64);
	MAP_TYPE(value, struct lookup);
} dns_lookups SEC(".maps");

struct named_lookup {
	struct dns_lookup sample;
	char name[NAME_SIZE];
};

INLINE void forget(__u64 id)
{
	map_delete(&dns_lookups, &id);
}

#include "thread_exit.h"

INLINE int enter(struct pt_regs *context, __u64 entry_point, __u64 result)
{
	__u64 id = current_pid_tgid();
	struct lookup *outer = map_lookup(&dns_lookups, &id);
	struct lookup lookup = {
		.start_time = monotonic_time(),
		.frame = FRAME_AT_ENTRY(context),
		.name = ARGUMENT1(context),
		.result = result,
		.entry_point = entry_point,
	};

	if (!lookup.name)
		return 0; /* getaddrinfo for an address to listen on */
	/* An outer call that is not further up the stack never returned: a longjmp. */
	if (outer && lookup.frame < outer->frame)
		return 0;
	if (map_update(&dns_lookups, &id, &lookup, UPDATE_ANY))
		count_state_full(SAMPLE_DNS_LOOKUP);
	return 0;
}

/* An exit without its entry is an inner call, a call that began before the probe, or a second probe on the same code. */
INLINE int leave(struct pt_regs *context, __u64 entry_point, __u16 function, __s32 result)
{
	__u64 id = current_pid_tgid();
	struct lookup *lookup = map_lookup(&dns_lookups, &id);
	/* On the stack: since 6.0 a program of a uprobe can be preempted by another one of the same CPU. */
	struct named_lookup named = {};
	struct dns_lookup *sample = &named.sample;
	long length;

	if (!lookup || lookup->entry_point != entry_point || lookup->frame != FRAME_AT_RETURN(context))
		return 0;
	if (entry_point >= GETHOSTBYNAME_R && !result) {
		__u64 found = 0;

		probe_read_user(&found, sizeof(found), (void *)lookup->result);
		result = !found;
	}
	/* A buffer was too small: the caller comes again with a larger one, and that call is the lookup. */
	if (entry_point >= GETHOSTBYNAME_R && result == ERANGE) {
		forget(id);
		return 0;
	}
	fill_header(&sample->header);
	sample->start_time = lookup->start_time;
	sample->result = entry_point == GETADDRINFO ? result : !!result;
	sample->function = function;
	length = probe_read_user_string(named.name, NAME_SIZE, (void *)lookup->name);
	length = length > 0 ? length - 1 : 0;
	OPAQUE(length);
	length &= NAME_SIZE - 1;
	sample->name_length = length;
	forget(id);
	send_sample(context, SAMPLE_DNS_LOOKUP, &sample->header, sizeof(*sample) + length);
	return 0;
}

SEC("uprobe/libc.so.6:getaddrinfo")
int getaddrinfo__uprobe__enter(struct pt_regs *context)
{
	return enter(context, GETADDRINFO, 0);
}

SEC("uretprobe/libc.so.6:getaddrinfo")
int getaddrinfo__uprobe__exit(struct pt_regs *context)
{
	return leave(context, GETADDRINFO, DNS_GETADDRINFO, RESULT(context));
}

SEC("uprobe/libc.so.6:gethostbyname")
int gethostbyname__uprobe__enter(struct pt_regs *context)
{
	return enter(context, GETHOSTBYNAME, 0);
}

SEC("uretprobe/libc.so.6:gethostbyname")
int gethostbyname__uprobe__exit(struct pt_regs *context)
{
	return leave(context, GETHOSTBYNAME, DNS_GETHOSTBYNAME, !RESULT(context));
}

SEC("uprobe/libc.so.6:gethostbyname2")
int gethostbyname2__uprobe__enter(struct pt_regs *context)
{
	return enter(context, GETHOSTBYNAME2, 0);
}

SEC("uretprobe/libc.so.6:gethostbyname2")
int gethostbyname2__uprobe__exit(struct pt_regs *context)
{
	return leave(context, GETHOSTBYNAME2, DNS_GETHOSTBYNAME, !RESULT(context));
}

/* name, entry, buffer, size, result, error */
SEC("uprobe/libc.so.6:gethostbyname_r")
int gethostbyname_r__uprobe__enter(struct pt_regs *context)
{
	return enter(context, GETHOSTBYNAME_R, ARGUMENT5(context));
}

SEC("uretprobe/libc.so.6:gethostbyname_r")
int gethostbyname_r__uprobe__exit(struct pt_regs *context)
{
	return leave(context, GETHOSTBYNAME_R, DNS_GETHOSTBYNAME, RESULT(context));
}

/* name, family, entry, buffer, size, result, error */
SEC("uprobe/libc.so.6:gethostbyname2_r")
int gethostbyname2_r__uprobe__enter(struct pt_regs *context)
{
	return enter(context, GETHOSTBYNAME2_R, ARGUMENT6(context));
}

SEC("uretprobe/libc.so.6:gethostbyname2_r")
int gethostbyname2_r__uprobe__exit(struct pt_regs *context)
{
	return leave(context, GETHOSTBYNAME2_R, DNS_GETHOSTBYNAME, RESULT(context));
}

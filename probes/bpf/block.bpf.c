/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * Block requests from the moment they are handed to the driver until they are complete, by disk and direction. They are
 * paired by the address of the request, which the driver's queue owns: one that is issued again begins again.
 *
 * The programs of raw tracepoints can be preempted (seen in 7.2) and are then not run for another thread of that CPU. So
 * there are two of each: to issue or complete a request a second time changes nothing.
 */
#include "histogram.h"
#include "kernel.h"
#include "registers.h"
#include "samples.bpf.h"

EXPORT_LICENSE;

/* Operations (the low byte of a request's flags), the same since 4.10 but for the zone appends. */
enum {
	REQ_OP_READ = 0,
	REQ_OP_WRITE = 1,
	REQ_OP_FLUSH = 2,
	REQ_OP_DISCARD = 3,
	REQ_OP_SECURE_ERASE = 5,
	REQ_OP_WRITE_SAME_OR_ZONE_APPEND = 7, /* the former up to 5.17, the latter since 6.10 */
	REQ_OP_WRITE_ZEROES = 9,
	REQ_OP_ZONE_APPEND = 13,
	NOT_COUNTED = 0xff, /* zone management, and what drivers send for themselves */
};

struct request_key {
	__u64 request; /* or its first sector, where only a record of it is at hand */
	__u64 device;  /* then, with a bit for reads above the low 32: a flush may have other letters when it completes */
};

struct issue {
	__u64 time;
	__u32 bytes;
	__u32 direction; /* the completion of a flush may be recorded as that of the write that asked for it */
};

struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_NUMBER(max_entries, 1024);
	MAP_TYPE(key, struct request_key);
	MAP_TYPE(value, struct issue);
} block_requests SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 64);
	MAP_TYPE(key, struct block_key);
	MAP_TYPE(value, struct block_totals);
} block_devices SEC(".maps");

static const struct block_totals no_totals = {};
static const struct block_key overflow = {};

INLINE int issued(const struct request_key *key, __u32 direction, __u32 bytes, __u64 how)
{
	struct issue issue = {.time = monotonic_time(), .bytes = bytes, .direction = direction};
	long result;

	if (direction == NOT_COUNTED)
		return 0;
	result = map_update(&block_requests, key, &issue, how);
	if (result && result != -EEXIST)
		count_state_full(AGGREGATE_BLOCK);
	return 0;
}

INLINE int completed(const struct request_key *key, __u32 device, bool error)
{
	struct issue *issue = map_lookup(&block_requests, key);
	struct block_key series = {.device = device};
	struct block_totals *totals;
	__u64 duration, bytes;

	if (!issue)
		return 0; /* issued before the probe, or not counted */
	duration = monotonic_time() - issue->time;
	bytes = issue->bytes;
	series.direction = issue->direction;
	if (map_delete(&block_requests, key))
		return 0;
	totals = aggregate_of(&block_devices, &series, &no_totals, &overflow, AGGREGATE_BLOCK);
	if (!totals)
		return 0;
	ADD(totals->bytes, bytes);
	ADD(totals->operations, 1);
	if (error)
		ADD(totals->errors, 1);
	observe_scale2(&totals->duration, duration, false);
	return 0;
}

INLINE __u32 direction_of(__u32 flags)
{
	switch (flags & 0xff) {
	case REQ_OP_READ:
		return BLOCK_READ;
	case REQ_OP_WRITE:
	case REQ_OP_WRITE_SAME_OR_ZONE_APPEND:
	case REQ_OP_WRITE_ZEROES:
	case REQ_OP_ZONE_APPEND:
		return BLOCK_WRITE;
	case REQ_OP_FLUSH:
		return BLOCK_FLUSH;
	case REQ_OP_DISCARD:
	case REQ_OP_SECURE_ERASE:
		return BLOCK_DISCARD;
	}
	return NOT_COUNTED;
}

INLINE __u32 device_number(struct gendisk *disk)
{
	return READ(disk, major) << 20 | READ(disk, first_minor);
}

INLINE __u32 device_of(struct request *request)
{
	/* Both fields are there in 5.15 and 5.16; the older one is filled in then. */
	if (FIELD_EXISTS(struct request___before_5_17, rq_disk))
		return device_number(READ((struct request___before_5_17 *)request, rq_disk));
	return device_number(READ(READ(request, q), disk));
}

INLINE int issued_request(struct request *request, __u64 how)
{
	struct request_key key = {.request = (__u64)request};

	return issued(&key, direction_of(READ(request, cmd_flags)), READ(request, __data_len), how);
}

/* A request may be completed in parts: the last one covers what is left of it, and an error all of it. */
INLINE int completed_request(struct request *request, bool error, __u32 bytes)
{
	struct request_key key = {.request = (__u64)request};

	if (!error && bytes < READ(request, __data_len))
		return 0;
	return completed(&key, device_of(request), error);
}

/* ---- issue ---- */

/* Up to 5.10 the queue comes first. Newer kernels refuse a program that reads a second argument. */
SEC("tp_btf/block_rq_issue")
int issue__tp_btf_queue(__u64 *arguments)
{
	return issued_request((struct request *)arguments[1], UPDATE_ANY);
}

SEC("tp_btf/block_rq_issue")
int issue__tp_btf__first(__u64 *arguments)
{
	return issued_request((struct request *)arguments[0], UPDATE_ANY);
}

SEC("tp_btf/block_rq_issue")
int issue__tp_btf__second(__u64 *arguments)
{
	return issued_request((struct request *)arguments[0], UPDATE_NOEXIST);
}

SEC("raw_tp/block_rq_issue")
int issue__raw_tp_queue(__u64 *arguments)
{
	return issued_request((struct request *)arguments[1], UPDATE_ANY);
}

SEC("raw_tp/block_rq_issue")
int issue__raw_tp__first(__u64 *arguments)
{
	return issued_request((struct request *)arguments[0], UPDATE_ANY);
}

SEC("raw_tp/block_rq_issue")
int issue__raw_tp__second(__u64 *arguments)
{
	return issued_request((struct request *)arguments[0], UPDATE_NOEXIST);
}

struct trace_event_raw_block_rq {
	__u32 dev;
	__u64 sector;
	__u32 bytes;
	char rwbs[8];
} KERNEL;

/* Letters: F before the operation stands for a preceding flush, alone for the operation; N is anything else. */
INLINE __u32 direction_of_letters(char first, char second)
{
	char letter = first == 'F' && (second == 'R' || second == 'W' || second == 'D' || second == 'N') ? second : first;

	switch (letter) {
	case 'R':
		return BLOCK_READ;
	case 'W':
		return BLOCK_WRITE;
	case 'D':
		return BLOCK_DISCARD;
	case 'F':
		return BLOCK_FLUSH;
	}
	return NOT_COUNTED;
}

SEC("tp/block/block_rq_issue")
int issue__tracepoint(struct trace_event_raw_block_rq *record)
{
	struct request_key key = {.request = record->sector, .device = record->dev | (__u64)(record->rwbs[0] == 'R') << 32};

	return issued(&key, direction_of_letters(record->rwbs[0], record->rwbs[1]), record->bytes, UPDATE_ANY);
}

SEC("kprobe/blk_mq_start_request")
int issue__kprobe(struct pt_regs *context)
{
	return issued_request((struct request *)ARGUMENT1(context), UPDATE_ANY);
}

/* ---- complete ---- */

SEC("tp_btf/block_rq_complete")
int complete__tp_btf__first(__u64 *arguments)
{
	return completed_request((struct request *)arguments[0], (__u32)arguments[1], arguments[2]);
}

SEC("tp_btf/block_rq_complete")
int complete__tp_btf__second(__u64 *arguments)
{
	return completed_request((struct request *)arguments[0], (__u32)arguments[1], arguments[2]);
}

SEC("raw_tp/block_rq_complete")
int complete__raw_tp__first(__u64 *arguments)
{
	return completed_request((struct request *)arguments[0], (__u32)arguments[1], arguments[2]);
}

SEC("raw_tp/block_rq_complete")
int complete__raw_tp__second(__u64 *arguments)
{
	return completed_request((struct request *)arguments[0], (__u32)arguments[1], arguments[2]);
}

struct trace_event_raw_block_rq_complete { /* up to 5.18 */
	__u32 dev;
	__u64 sector;
	int error;
	char rwbs[8];
} KERNEL;

struct trace_event_raw_block_rq_completion {
	__u32 dev;
	__u64 sector;
	int error;
	char rwbs[8];
} KERNEL;

#define COMPLETED_RECORD(record)                                                                      \
	({                                                                                            \
		struct request_key key = {                                                            \
			.request = (record)->sector,                                                  \
			.device = (record)->dev | (__u64)((record)->rwbs[0] == 'R') << 32,            \
		};                                                                                    \
                                                                                                      \
		completed(&key, (record)->dev, (record)->error);                                      \
	})

/* The record does not say what is left of a request: its first part ends it. */
SEC("tp/block/block_rq_complete")
int complete__tracepoint(void *record)
{
	if (FIELD_EXISTS(struct trace_event_raw_block_rq_completion, error))
		return COMPLETED_RECORD((struct trace_event_raw_block_rq_completion *)record);
	return COMPLETED_RECORD((struct trace_event_raw_block_rq_complete *)record);
}

#define LONGEST_BATCH 128

/* Since 5.16 drivers may complete many at once, and the kernel does not pass those through blk_update_request. */
SEC("kprobe/blk_mq_end_request_batch")
int complete__kprobe_batches__many(struct pt_regs *context)
{
	struct io_comp_batch *batch = (struct io_comp_batch *)ARGUMENT1(context);
	struct request *request;

	if (FIELD_EXISTS(struct rq_list, head))
		request = READ(batch, req_list.head);
	else
		request = READ((struct io_comp_batch___before_6_14 *)batch, req_list);
	for (int i = 0; i < LONGEST_BATCH && request; i++) {
		completed_request(request, false, ~0U);
		request = READ(request, rq_next);
	}
	if (request)
		count_state_full(AGGREGATE_BLOCK);
	return 0;
}

SEC("kprobe/blk_update_request")
int complete__kprobe_batches__one(struct pt_regs *context)
{
	return completed_request((struct request *)ARGUMENT1(context), (__u8)ARGUMENT2(context), ARGUMENT3(context));
}

SEC("kprobe/blk_update_request")
int complete__kprobe(struct pt_regs *context)
{
	return completed_request((struct request *)ARGUMENT1(context), (__u8)ARGUMENT2(context), ARGUMENT3(context));
}

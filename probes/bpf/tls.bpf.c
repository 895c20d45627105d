/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * What goes through OpenSSL, by process: payload bytes, handshakes and how long they took, errors.
 *
 * A thread's outermost call is the one that counts: with TLS inside TLS (a proxy) the library reads from itself. Whether a
 * call that did nothing is an error or only has to wait, the program learns from SSL_get_error, and so do we.
 */
#include "histogram.h"
#include "kernel.h"
#include "process.h"
#include "registers.h"
#include "samples.bpf.h"

EXPORT_LICENSE;

#define SSL_ERROR_SSL 1
#define SSL_ERROR_SYSCALL 5

enum call {
	NO_CALL = 0,
	CALL_READ,
	CALL_READ_EX,
	CALL_WRITE,
	CALL_WRITE_EX,
	CALL_HANDSHAKE,
};

struct thread {
	__u64 frame;
	__u64 ssl;
	__u64 bytes; /* of the _ex functions: where they put the count */
	__u32 call;
	__u32 failed; /* the last call, as long as it is not known why */
};

/* Threads that use TLS, until they end. */
struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_NUMBER(max_entries, 1024);
	MAP_TYPE(key, __u64);
	MAP_TYPE(value, struct thread);
} tls_threads SEC(".maps");

struct handshake_key {
	__u32 pid;
	__u32 reserved;
	__u64 ssl;
};

/* Begun and not ended: one of a program that does not block is many calls. Who gives one up does not say so: hence LRU. */
struct {
	MAP_NUMBER(type, MAP_LRU_HASH);
	MAP_NUMBER(max_entries, 512);
	MAP_TYPE(key, struct handshake_key);
	MAP_TYPE(value, __u64); /* when */
} tls_handshakes SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 128);
	MAP_TYPE(key, struct process_key);
	MAP_TYPE(value, struct tls_process_totals);
} tls_processes SEC(".maps");

static const struct tls_process_totals no_totals = {};
static const struct process_key overflow = {};

INLINE void forget(__u64 id)
{
	map_delete(&tls_threads, &id);
}

#include "thread_exit.h"

INLINE struct tls_process_totals *totals_of_current(void)
{
	struct process_key key = current_process_key();

	return aggregate_of(&tls_processes, &key, &no_totals, &overflow, AGGREGATE_TLS);
}

INLINE struct handshake_key handshake_key(__u64 id, __u64 ssl)
{
	struct handshake_key key = {.pid = id >> 32, .ssl = ssl};

	return key;
}

/* False for an inner call. A recorded call that is not further up the stack never returned. */
INLINE bool enter(struct pt_regs *context, __u64 id, __u32 call, __u64 bytes)
{
	struct thread *thread = map_lookup(&tls_threads, &id);
	struct thread fresh = {
		.frame = FRAME_AT_ENTRY(context),
		.ssl = ARGUMENT1(context),
		.bytes = bytes,
		.call = call,
	};

	if (thread) {
		if (thread->call && fresh.frame < thread->frame)
			return false;
		*thread = fresh;
		return true;
	}
	if (!map_update(&tls_threads, &id, &fresh, UPDATE_ANY))
		return true;
	count_state_full(AGGREGATE_TLS);
	return false;
}

/* Null where the call that returns is not the outermost one, or began before the probe. */
INLINE struct thread *leave(struct pt_regs *context, __u64 id, __u32 call)
{
	struct thread *thread = map_lookup(&tls_threads, &id);

	if (!thread || thread->call != call || thread->frame != FRAME_AT_RETURN(context))
		return 0;
	thread->call = NO_CALL;
	return thread;
}

INLINE int transferred(struct pt_regs *context, __u32 call)
{
	struct thread *thread = leave(context, current_pid_tgid(), call);
	struct tls_process_totals *totals;
	__s32 result = RESULT(context);
	__u64 bytes = result;

	if (!thread)
		return 0;
	if (result <= 0) {
		thread->failed = call;
		return 0;
	}
	if ((call == CALL_READ_EX || call == CALL_WRITE_EX) && probe_read_user(&bytes, sizeof(bytes), (void *)thread->bytes)) {
		count_state_full(AGGREGATE_TLS);
		return 0;
	}
	totals = totals_of_current();
	if (!totals)
		return 0;
	if (call == CALL_READ || call == CALL_READ_EX)
		ADD(totals->bytes_read, bytes);
	else
		ADD(totals->bytes_written, bytes);
	return 0;
}

SEC("uprobe/libssl.so.3:SSL_read")
int read__uprobe__enter(struct pt_regs *context)
{
	enter(context, current_pid_tgid(), CALL_READ, 0);
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_read")
int read__uprobe__exit(struct pt_regs *context)
{
	return transferred(context, CALL_READ);
}

SEC("uprobe/libssl.so.3:SSL_read_ex")
int read_ex__uprobe__enter(struct pt_regs *context)
{
	enter(context, current_pid_tgid(), CALL_READ_EX, ARGUMENT4(context));
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_read_ex")
int read_ex__uprobe__exit(struct pt_regs *context)
{
	return transferred(context, CALL_READ_EX);
}

SEC("uprobe/libssl.so.3:SSL_write")
int write__uprobe__enter(struct pt_regs *context)
{
	enter(context, current_pid_tgid(), CALL_WRITE, 0);
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_write")
int write__uprobe__exit(struct pt_regs *context)
{
	return transferred(context, CALL_WRITE);
}

SEC("uprobe/libssl.so.3:SSL_write_ex")
int write_ex__uprobe__enter(struct pt_regs *context)
{
	enter(context, current_pid_tgid(), CALL_WRITE_EX, ARGUMENT4(context));
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_write_ex")
int write_ex__uprobe__exit(struct pt_regs *context)
{
	return transferred(context, CALL_WRITE_EX);
}

/* SSL_connect and SSL_accept come through here. */
SEC("uprobe/libssl.so.3:SSL_do_handshake")
int handshake__uprobe__enter(struct pt_regs *context)
{
	__u64 id = current_pid_tgid();
	struct handshake_key key = handshake_key(id, ARGUMENT1(context));
	__u64 now;

	if (!enter(context, id, CALL_HANDSHAKE, 0))
		return 0;
	now = monotonic_time();
	if (map_update(&tls_handshakes, &key, &now, UPDATE_NOEXIST) == -ENOMEM)
		count_state_full(AGGREGATE_TLS);
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_do_handshake")
int handshake__uprobe__exit(struct pt_regs *context)
{
	__u64 id = current_pid_tgid();
	struct thread *thread = leave(context, id, CALL_HANDSHAKE);
	struct tls_process_totals *totals;
	struct handshake_key key;
	__u64 *start;

	if (!thread)
		return 0;
	if ((__s32)RESULT(context) != 1) {
		thread->failed = CALL_HANDSHAKE;
		return 0;
	}
	key = handshake_key(id, thread->ssl);
	start = map_lookup(&tls_handshakes, &key);
	totals = totals_of_current();
	if (totals) {
		ADD(totals->handshakes, 1);
		if (start)
			observe_scale0(&totals->handshake_duration, monotonic_time() - *start, false);
	}
	map_delete(&tls_handshakes, &key);
	return 0;
}

SEC("uretprobe/libssl.so.3:SSL_get_error")
int error__uprobe(struct pt_regs *context)
{
	__u64 id = current_pid_tgid();
	struct thread *thread = map_lookup(&tls_threads, &id);
	struct tls_process_totals *totals;
	struct handshake_key key;
	__s32 error = RESULT(context);
	__u32 failed;

	if (!thread || thread->call || !thread->failed)
		return 0;
	failed = thread->failed;
	thread->failed = NO_CALL;
	if (error != SSL_ERROR_SSL && error != SSL_ERROR_SYSCALL)
		return 0;
	totals = totals_of_current();
	if (failed == CALL_HANDSHAKE) {
		key = handshake_key(id, thread->ssl);
		map_delete(&tls_handshakes, &key);
		if (totals)
			ADD(totals->handshake_errors, 1);
	} else if (totals) {
		ADD(totals->io_errors, 1);
	}
	return 0;
}

/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* The book of TCP connections: who owns one, what is counted of it already, and the sample when it ends. The hooks are in tcp.bpf.c. */
#ifndef PROBES_TCP_CONNECTIONS_H
#define PROBES_TCP_CONNECTIONS_H

#include "histogram.h"
#include "kernel.h"
#include "process.h"
#include "samples.bpf.h"

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define ECONNRESET 104
#define ECANCELED 125
#define SOCK_DONE 1 /* bit of skc_flags: a FIN was received */

enum tcp_state {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING,
};

/* States of a connection that was established. */
#define CONNECTED                                                                                                   \
	(1 << TCP_ESTABLISHED | 1 << TCP_FIN_WAIT1 | 1 << TCP_FIN_WAIT2 | 1 << TCP_CLOSE_WAIT | 1 << TCP_LAST_ACK | \
	 1 << TCP_CLOSING)

/* Whether connections are sent as samples, or only counted. */
CONSTANT bool spans = true;

struct connection {
	__u64 start_time;
	__u64 established_time;
	struct process_ref owner; /* once it is claimed or owned */
	__u64 cgroup_id;
	__u32 uid;
	__u32 rtt; /* last one observed */
	char comm[16];
	__u64 bytes_sent; /* these three: already in the owner's totals */
	__u64 bytes_received;
	__u32 retransmits;
	__u8 role;
	__u8 flags;
	__u8 owned;   /* the owner's totals have what is counted here */
	__u8 claimed; /* by accept(); owned at the next hook */
};

/* By address of the socket. User space sizes it by the connections there are. */
struct {
	MAP_NUMBER(type, MAP_HASH);
	MAP_NUMBER(max_entries, 1024);
	MAP_TYPE(key, __u64);
	MAP_TYPE(value, struct connection);
} tcp_connections SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 256);
	MAP_TYPE(key, struct process_key);
	MAP_TYPE(value, struct tcp_process_totals);
} tcp_processes SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 64);
	MAP_TYPE(key, struct tcp_failure_key);
	MAP_TYPE(value, __u64);
} tcp_failures SEC(".maps");

/* All there can be: two families, three roles. */
struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 8);
	MAP_TYPE(key, struct tcp_latency_key);
	MAP_TYPE(value, struct histogram_scale2);
} tcp_connect_duration SEC(".maps");

struct {
	MAP_NUMBER(type, MAP_PERCPU_HASH);
	MAP_NUMBER(max_entries, 8);
	MAP_TYPE(key, struct tcp_latency_key);
	MAP_TYPE(value, struct histogram_scale2);
} tcp_rtt SEC(".maps");

static const struct tcp_process_totals no_totals = {};
static const struct histogram_scale2 no_durations = {};
static const __u64 no_failures = 0;
static const struct process_key overflow = {};
static const struct tcp_failure_key failure_overflow = {};
static const struct tcp_latency_key latency_overflow = {};

INLINE bool is_tcp(struct sock *socket)
{
	/* MPTCP and SCTP sockets go through the same state function. */
	return READ(socket, sk_protocol) == IPPROTO_TCP;
}

INLINE struct connection *connection_of(struct sock *socket)
{
	__u64 key = (__u64)socket;

	return map_lookup(&tcp_connections, &key);
}

INLINE bool is_mapped(const struct in6_addr *address)
{
	const __u32 *words = (const __u32 *)address->bytes;

	return !words[0] && !words[1] && words[2] == __builtin_bswap32(0xffff);
}

/* An IPv6 socket that talks IPv4 counts as what is on the wire. */
INLINE __u16 family_of(struct sock *socket)
{
	__u16 family = READ(socket, __sk_common.skc_family);

	if (family == AF_INET6) {
		struct in6_addr peer = READ(socket, __sk_common.skc_v6_daddr);

		if (is_mapped(&peer))
			return AF_INET;
	}
	return family;
}

INLINE void observe_latency(const void *map, __u16 family, __u8 role, __u64 ns)
{
	struct tcp_latency_key key = {.family = family, .role = role};
	struct histogram_scale2 *histogram =
		aggregate_of(map, &key, &no_durations, &latency_overflow, SAMPLE_TCP_CONNECTION);

	if (histogram)
		observe_scale2(histogram, ns, false);
}

INLINE struct tcp_process_totals *totals_of(const struct process_ref *owner)
{
	struct process_key key = {.pid = owner->pid, .start_time = owner->start_time};

	return aggregate_of(&tcp_processes, &key, &no_totals, &overflow, SAMPLE_TCP_CONNECTION);
}

INLINE __u64 bytes_sent(struct sock *socket)
{
	struct tcp_sock *tcp = (struct tcp_sock *)socket;

	return READ(tcp, bytes_sent) - READ(tcp, bytes_retrans);
}

INLINE __u64 bytes_received(struct sock *socket)
{
	__u64 bytes = READ((struct tcp_sock *)socket, bytes_received);

	return bytes - (bytes && READ(socket, __sk_common.skc_flags) >> SOCK_DONE & 1);
}

INLINE void fill_owner(struct connection *connection)
{
	struct sample_header header;

	fill_header(&header);
	connection->owner = header.process;
	connection->cgroup_id = header.cgroup_id;
	connection->uid = header.uid;
	__builtin_memcpy(connection->comm, header.comm, sizeof(header.comm));
}

INLINE void count_begun(struct connection *connection)
{
	struct tcp_process_totals *totals = totals_of(&connection->owner);

	if (!totals)
		return;
	if (connection->role == TCP_ROLE_SERVER)
		ADD(totals->accepts, 1);
	else if (connection->role == TCP_ROLE_CLIENT)
		ADD(totals->connects, 1);
}

/*
 * The running thread got the socket from accept(), which holds no lock of it any more: a softirq of another CPU may be at
 * this connection now. So nothing is taken out of it here, and the mark comes last.
 */
INLINE void claim(struct connection *connection)
{
	if (connection->owned || connection->claimed)
		return;
	fill_owner(connection);
	if (connection->established_time)
		count_begun(connection);
	asm volatile("" ::: "memory");
	connection->claimed = true;
}

/* The owner is known from now on: what was counted before is its. */
INLINE void take(struct connection *connection)
{
	struct tcp_process_totals *totals = totals_of(&connection->owner);

	connection->owned = true;
	if (connection->established_time && !connection->claimed)
		count_begun(connection);
	if (!totals)
		return;
	if (connection->flags & TCP_RESET_SENT)
		ADD(totals->resets_sent, 1);
	if (connection->flags & TCP_RESET_RECEIVED)
		ADD(totals->resets_received, 1);
}

/* Adds to the owner's totals what the socket has counted since the last time; nothing while the owner is unknown. */
INLINE void credit(struct sock *socket, struct connection *connection)
{
	__u64 sent, received;
	__u32 retransmits;
	struct tcp_process_totals *totals;

	if (!connection->owned) {
		if (!connection->claimed)
			return;
		take(connection);
	}
	sent = bytes_sent(socket);
	received = bytes_received(socket);
	retransmits = READ((struct tcp_sock *)socket, total_retrans);
	if (sent == connection->bytes_sent && received == connection->bytes_received && retransmits == connection->retransmits)
		return;
	totals = totals_of(&connection->owner);
	if (!totals)
		return;
	/* Sent may step back for the moment between a retransmission and its count. */
	if (sent > connection->bytes_sent) {
		ADD(totals->bytes_sent, sent - connection->bytes_sent);
		connection->bytes_sent = sent;
	}
	if (received > connection->bytes_received) {
		ADD(totals->bytes_received, received - connection->bytes_received);
		connection->bytes_received = received;
	}
	ADD(totals->retransmits, retransmits - connection->retransmits);
	connection->retransmits = retransmits;
}

/* The running thread, which has the socket's lock, turns out to be the owner. */
INLINE void own(struct sock *socket, struct connection *connection)
{
	if (!connection->owned && !connection->claimed) {
		fill_owner(connection);
		take(connection);
	}
	credit(socket, connection);
}

/*
 * A connection first seen after it was established, by its owner: its totals start here. That the map is full is not
 * counted as a loss: one connection would be counted each time it is read from.
 */
INLINE void adopt(struct sock *socket)
{
	struct connection *connection = connection_of(socket);
	struct connection fresh = {};
	__u64 key = (__u64)socket;

	if (connection) {
		own(socket, connection);
		return;
	}
	if (!is_tcp(socket))
		return;
	fill_owner(&fresh);
	fresh.owned = true;
	fresh.bytes_sent = bytes_sent(socket);
	fresh.bytes_received = bytes_received(socket);
	fresh.retransmits = READ((struct tcp_sock *)socket, total_retrans);
	map_update(&tcp_connections, &key, &fresh, UPDATE_NOEXIST);
}

INLINE void add_connection(struct sock *socket, struct connection *connection)
{
	__u64 key = (__u64)socket;

	if (map_update(&tcp_connections, &key, connection, UPDATE_ANY))
		count_state_full(SAMPLE_TCP_CONNECTION);
}

INLINE void syn_sent(struct sock *socket, __u64 now)
{
	struct connection connection = {.start_time = now, .role = TCP_ROLE_CLIENT};

	if (!is_tcp(socket))
		return;
	fill_owner(&connection);
	connection.owned = true;
	add_connection(socket, &connection);
}

/* The first time that the connection is known to be established. */
INLINE void count_established(struct sock *socket, struct connection *connection, __u64 now)
{
	if (connection->role == TCP_ROLE_CLIENT)
		observe_latency(&tcp_connect_duration, family_of(socket), TCP_ROLE_CLIENT, now - connection->start_time);
	connection->established_time = now;
	if (connection->owned)
		count_begun(connection);
}

/* When that was missed: what the handshake took is then known from its round trip. */
INLINE void make_up_established(struct sock *socket, struct connection *connection)
{
	__u64 rtt = READ((struct tcp_sock *)socket, srtt_us);

	if (connection->role == TCP_ROLE_CLIENT && !connection->established_time)
		count_established(socket, connection, connection->start_time + rtt * 125);
}

INLINE void established(struct sock *socket, __u32 old_state, __u64 now)
{
	struct connection *connection = connection_of(socket);

	/* One that is established already was a socket that had this address before. */
	if (!connection || connection->established_time) {
		struct connection fresh = {.start_time = now, .established_time = now, .role = TCP_ROLE_SERVER};

		if (!is_tcp(socket))
			return;
		if (old_state == TCP_SYN_SENT) {
			fresh.role = TCP_ROLE_CLIENT;
			fresh.start_time = now - (__u64)READ((struct tcp_sock *)socket, srtt_us) * 125;
			count_established(socket, &fresh, now); /* its owner is known when it reads or closes */
		}
		add_connection(socket, &fresh);
		return;
	}
	count_established(socket, connection, now);
}

/* Once a connection; when its owner is known, if that is later. */
INLINE void count_reset(struct connection *connection, __u8 flag)
{
	struct tcp_process_totals *totals;

	if (connection->flags & flag)
		return;
	connection->flags |= flag;
	if (!connection->owned)
		return;
	totals = totals_of(&connection->owner);
	if (!totals)
		return;
	if (flag == TCP_RESET_SENT)
		ADD(totals->resets_sent, 1);
	else
		ADD(totals->resets_received, 1);
}

INLINE void count_failure(__u16 family, __u32 error)
{
	struct tcp_failure_key key = {.error = error, .family = family};
	__u64 *failures = aggregate_of(&tcp_failures, &key, &no_failures, &failure_overflow, SAMPLE_TCP_CONNECTION);

	if (failures)
		ADD(*failures, 1);
}

INLINE void fill_addresses(struct tcp_connection *sample, struct sock *socket)
{
	sample->family = family_of(socket);
	sample->local_port = __builtin_bswap16(READ((struct inet_sock *)socket, inet_sport));
	sample->peer_port = __builtin_bswap16(READ(socket, __sk_common.skc_dport));
	if (sample->family == AF_INET) {
		*(__u32 *)sample->local_address = READ(socket, __sk_common.skc_rcv_saddr);
		*(__u32 *)sample->peer_address = READ(socket, __sk_common.skc_daddr);
	} else {
		*(struct in6_addr *)sample->local_address = READ(socket, __sk_common.skc_v6_rcv_saddr);
		*(struct in6_addr *)sample->peer_address = READ(socket, __sk_common.skc_v6_daddr);
	}
}

INLINE void closed(void *context, struct sock *socket, __u32 old_state, __u64 now)
{
	struct connection *connection = connection_of(socket);
	struct tcp_connection sample = {};
	__u64 key = (__u64)socket;
	__s32 error;

	if (!connection && !(1 << old_state & (CONNECTED | 1 << TCP_SYN_SENT)))
		return; /* listened, or never connected */
	if (!connection && !is_tcp(socket))
		return;

	error = READ(socket, sk_err);
	fill_addresses(&sample, socket);
	if (old_state == TCP_SYN_SENT) {
		if (!error)
			error = ECANCELED; /* closed before the peer answered */
		sample.role = TCP_ROLE_CLIENT;
		count_failure(sample.family, error);
	}
	if (connection) {
		if (1 << old_state & CONNECTED)
			make_up_established(socket, connection);
		if (error == ECONNRESET)
			count_reset(connection, TCP_RESET_RECEIVED);
		/* Only close() does this, and it sends the reset after it has changed the state. */
		if (!error && (old_state == TCP_ESTABLISHED || old_state == TCP_CLOSE_WAIT)) {
			own(socket, connection);
			count_reset(connection, TCP_RESET_SENT);
		}
		credit(socket, connection);
		sample.header.process = connection->owner;
		sample.header.cgroup_id = connection->cgroup_id;
		sample.header.uid = connection->uid;
		__builtin_memcpy(sample.header.comm, connection->comm, sizeof(sample.header.comm));
		sample.start_time = connection->start_time;
		sample.established_time = connection->established_time;
		sample.role = connection->role;
		sample.flags = connection->flags;
		map_delete(&tcp_connections, &key);
	}
	if (!spans)
		return;
	sample.header.time = now;
	sample.socket = key;
	sample.end_time = now;
	sample.bytes_sent = bytes_sent(socket);
	sample.bytes_received = bytes_received(socket);
	sample.retransmits = READ((struct tcp_sock *)socket, total_retrans);
	sample.rtt = READ((struct tcp_sock *)socket, srtt_us) >> 3;
	sample.error = error;
	send_sample(context, SAMPLE_TCP_CONNECTION, &sample.header, sizeof(sample));
}

#endif

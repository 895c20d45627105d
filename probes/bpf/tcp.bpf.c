/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * TCP connections: one sample each when it ends, with what the socket itself counted, and running totals by process.
 *
 * A connection is known by its socket from the SYN (client) or from ESTABLISHED (server). State changes come in any
 * context, so whose it is, is learnt where its process runs: in connect() and accept(), and if the connection is older
 * than the probe, when it is read from or closed. All hooks on one socket run under its lock, but for that of accept().
 *
 * A kernel does not run a program inside itself (raw tracepoints since 6.2), and none inside any other (kprobes, classic
 * tracepoints): what happens to one socket in a softirq that interrupts the program of another is missed, and since raw
 * tracepoints can be preempted (seen in 7.2) any event may be. So nothing relies on one event: a SYN that was missed is
 * made up for when the connection is established, that at whatever comes next, a close when the socket is destroyed,
 * and counts are differences of what the socket counts.
 */
#include "kernel.h"
#include "registers.h"
#include "tcp_connections.h"

EXPORT_LICENSE;

/* ---- state ---- */

INLINE int changed_state(void *context, struct sock *socket, __u32 old_state, __u32 new_state)
{
	old_state &= 15;
	switch (new_state) {
	case TCP_SYN_SENT:
		syn_sent(socket, monotonic_time());
		break;
	case TCP_ESTABLISHED:
		established(socket, old_state, monotonic_time());
		break;
	case TCP_CLOSE:
		if (old_state != TCP_CLOSE)
			closed(context, socket, old_state, monotonic_time());
		break;
	case TCP_FIN_WAIT1:
	case TCP_LAST_ACK:
		adopt(socket); /* only close() and shutdown() lead here */
		break;
	}
	return 0;
}

/*
 * After the first program, which is not run while another thread of this CPU is preempted in it: all of a handshake on the
 * loopback device may be missed then, and the connection would be taken for one that is older than the probe.
 */
INLINE int make_up_state(struct sock *socket, __u32 old_state, __u32 new_state)
{
	struct connection *connection;

	if (new_state != TCP_SYN_SENT && new_state != TCP_ESTABLISHED)
		return 0;
	connection = connection_of(socket);
	if (new_state == TCP_ESTABLISHED) {
		if (!connection || !connection->established_time)
			established(socket, old_state & 15, monotonic_time());
	} else if (!connection || connection->established_time) {
		syn_sent(socket, monotonic_time());
	}
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int state__tp_btf__first(__u64 *arguments)
{
	return changed_state(arguments, (struct sock *)arguments[0], arguments[1], arguments[2]);
}

SEC("tp_btf/inet_sock_set_state")
int state__tp_btf__second(__u64 *arguments)
{
	return make_up_state((struct sock *)arguments[0], arguments[1], arguments[2]);
}

SEC("raw_tp/inet_sock_set_state")
int state__raw_tp__first(__u64 *arguments)
{
	return changed_state(arguments, (struct sock *)arguments[0], arguments[1], arguments[2]);
}

SEC("raw_tp/inet_sock_set_state")
int state__raw_tp__second(__u64 *arguments)
{
	return make_up_state((struct sock *)arguments[0], arguments[1], arguments[2]);
}

struct trace_event_raw_inet_sock_set_state {
	const void *skaddr;
	int oldstate;
	int newstate;
} KERNEL;

SEC("tp/sock/inet_sock_set_state")
int state__tracepoint(struct trace_event_raw_inet_sock_set_state *record)
{
	return changed_state(record, (struct sock *)record->skaddr, record->oldstate, record->newstate);
}

SEC("kprobe/tcp_set_state")
int state__kprobe(struct pt_regs *context)
{
	struct sock *socket = (struct sock *)ARGUMENT1(context);

	return changed_state(context, socket, READ(socket, __sk_common.skc_state), ARGUMENT2(context));
}

/* ---- destroy ---- */

/* What is still known of a socket here was closed unseen. */
INLINE int destroyed(void *context, struct sock *socket)
{
	struct connection *connection = connection_of(socket);
	__u32 state = TCP_FIN_WAIT2;

	if (!connection)
		return 0;
	if (connection->role == TCP_ROLE_CLIENT && !connection->established_time && !READ((struct tcp_sock *)socket, srtt_us))
		state = TCP_SYN_SENT;
	closed(context, socket, state, monotonic_time());
	return 0;
}

SEC("tp_btf/tcp_destroy_sock")
int destroy__tp_btf(__u64 *arguments)
{
	return destroyed(arguments, (struct sock *)arguments[0]);
}

SEC("raw_tp/tcp_destroy_sock")
int destroy__raw_tp(__u64 *arguments)
{
	return destroyed(arguments, (struct sock *)arguments[0]);
}

struct trace_event_raw_tcp_event_sk {
	const void *skaddr;
} KERNEL;

SEC("tp/tcp/tcp_destroy_sock")
int destroy__tracepoint(struct trace_event_raw_tcp_event_sk *record)
{
	return destroyed(record, (struct sock *)record->skaddr);
}

/* Of IPv6 sockets as well. */
SEC("kprobe/tcp_v4_destroy_sock")
int destroy__kprobe(struct pt_regs *context)
{
	return destroyed(context, (struct sock *)ARGUMENT1(context));
}

/* ---- accept ---- */

/* The child was established under its lock before accept() could return it, unless it came with data (fast open). */
INLINE int accepted(struct sock *socket)
{
	struct connection *connection;

	if (!socket || !is_tcp(socket))
		return 0;
	connection = connection_of(socket);
	if (connection) {
		claim(connection);
	} else {
		struct connection fresh = {.start_time = monotonic_time(), .role = TCP_ROLE_SERVER};
		__u32 state = 1 << (READ(socket, __sk_common.skc_state) & 15);

		if (!(state & (CONNECTED | 1 << TCP_SYN_RECV)))
			return 0;
		fill_owner(&fresh);
		fresh.owned = true;
		if (state & CONNECTED)
			count_established(socket, &fresh, fresh.start_time);
		add_connection(socket, &fresh);
	}
	return 0;
}

INLINE int accepted_descriptor(struct trace_event_raw_sys_exit *record)
{
	long descriptor = record->ret;
	struct file *file;

	if (descriptor < 0)
		return 0;
	file = file_of(descriptor);
	return accepted(READ((struct socket *)READ(file, private_data), sk));
}

SEC("tp/syscalls/sys_exit_accept")
int accept__tracepoint__accept(struct trace_event_raw_sys_exit *record)
{
	return accepted_descriptor(record);
}

SEC("tp/syscalls/sys_exit_accept4")
int accept__tracepoint__accept4(struct trace_event_raw_sys_exit *record)
{
	return accepted_descriptor(record);
}

/* Called in accept(), also of io_uring, when the socket gets its file; a return probe could run out of instances. */
SEC("kprobe/security_sock_graft")
int accept__kprobe(struct pt_regs *context)
{
	return accepted((struct sock *)ARGUMENT1(context));
}

/* Where CONFIG_SECURITY_NETWORK is off. */
SEC("kretprobe/inet_csk_accept")
int accept__kprobe_return(struct pt_regs *context)
{
	return accepted((struct sock *)RESULT(context));
}

/* ---- segment ---- */

/* The smoothed RTT is observed when it has changed: that is once a measurement, and not once a segment. */
INLINE int received_segment(struct sock *socket)
{
	struct connection *connection = connection_of(socket);
	__u32 rtt;

	if (!connection)
		return 0;
	make_up_established(socket, connection);
	credit(socket, connection);
	rtt = READ((struct tcp_sock *)socket, srtt_us);
	if (rtt && rtt != connection->rtt) {
		connection->rtt = rtt;
		observe_latency(&tcp_rtt, family_of(socket), connection->role, (__u64)rtt * 125); /* eighths of a us */
	}
	return 0;
}

SEC("tp_btf/tcp_probe")
int segment__tp_btf(__u64 *arguments)
{
	return received_segment((struct sock *)arguments[0]);
}

SEC("raw_tp/tcp_probe")
int segment__raw_tp(__u64 *arguments)
{
	return received_segment((struct sock *)arguments[0]);
}

struct trace_event_raw_tcp_probe {
	const void *skaddr; /* since 6.9 */
} KERNEL;

SEC("tp/tcp/tcp_probe")
int segment__tracepoint(struct trace_event_raw_tcp_probe *record)
{
	return received_segment((struct sock *)record->skaddr);
}

/* Before 6.9: the other tracepoint that follows the data, if only of sockets that read. */
SEC("tp/tcp/tcp_rcv_space_adjust")
int segment__tracepoint_read(struct trace_event_raw_tcp_event_sk *record)
{
	return received_segment((struct sock *)record->skaddr);
}

SEC("kprobe/tcp_rcv_established")
int segment__kprobe(struct pt_regs *context)
{
	return received_segment((struct sock *)ARGUMENT1(context));
}

/* ---- read ---- */

INLINE int read_from(struct sock *socket)
{
	adopt(socket);
	return 0;
}

SEC("tp_btf/tcp_rcv_space_adjust")
int read__tp_btf(__u64 *arguments)
{
	return read_from((struct sock *)arguments[0]);
}

SEC("raw_tp/tcp_rcv_space_adjust")
int read__raw_tp(__u64 *arguments)
{
	return read_from((struct sock *)arguments[0]);
}

SEC("tp/tcp/tcp_rcv_space_adjust")
int read__tracepoint(struct trace_event_raw_tcp_event_sk *record)
{
	return read_from((struct sock *)record->skaddr);
}

SEC("kprobe/tcp_rcv_space_adjust")
int read__kprobe(struct pt_regs *context)
{
	return read_from((struct sock *)ARGUMENT1(context));
}

/* ---- retransmit ---- */

INLINE int retransmitted(struct sock *socket)
{
	struct connection *connection = connection_of(socket);

	if (connection)
		credit(socket, connection);
	return 0;
}

SEC("tp_btf/tcp_retransmit_skb")
int retransmit__tp_btf(__u64 *arguments)
{
	return retransmitted((struct sock *)arguments[0]);
}

SEC("raw_tp/tcp_retransmit_skb")
int retransmit__raw_tp(__u64 *arguments)
{
	return retransmitted((struct sock *)arguments[0]);
}

/* Records of the two events of an skb have their own layouts since 6.10 and 6.16; the shared one is gone then. */
struct trace_event_raw_tcp_event_sk_skb {
	const void *skaddr;
} KERNEL;

struct trace_event_raw_tcp_retransmit_skb {
	const void *skaddr;
} KERNEL;

SEC("tp/tcp/tcp_retransmit_skb")
int retransmit__tracepoint(void *record)
{
	if (FIELD_EXISTS(struct trace_event_raw_tcp_retransmit_skb, skaddr))
		return retransmitted((struct sock *)((struct trace_event_raw_tcp_retransmit_skb *)record)->skaddr);
	return retransmitted((struct sock *)((struct trace_event_raw_tcp_event_sk_skb *)record)->skaddr);
}

/* On entry, so a count behind until the next event of the socket. */
SEC("kprobe/tcp_retransmit_skb")
int retransmit__kprobe(struct pt_regs *context)
{
	return retransmitted((struct sock *)ARGUMENT1(context));
}

/* ---- reset_sent, reset_received ---- */

/*
 * Without a connection (a closed port) a reset is no process's and counts for pid 0; but not on a socket that is closed
 * already, whose reset was foreseen and counted when it was closed.
 */
INLINE int reset(struct sock *socket, __u8 flag)
{
	struct connection *connection = connection_of(socket);
	struct process_ref nobody = {};
	struct tcp_process_totals *totals;

	if (connection) {
		count_reset(connection, flag);
		return 0;
	}
	if (socket && READ(socket, __sk_common.skc_state) == TCP_CLOSE)
		return 0;
	totals = totals_of(&nobody);
	if (totals)
		ADD(*(flag == TCP_RESET_SENT ? &totals->resets_sent : &totals->resets_received), 1);
	return 0;
}

SEC("tp_btf/tcp_send_reset")
int reset_sent__tp_btf(__u64 *arguments)
{
	return reset((struct sock *)arguments[0], TCP_RESET_SENT);
}

SEC("raw_tp/tcp_send_reset")
int reset_sent__raw_tp(__u64 *arguments)
{
	return reset((struct sock *)arguments[0], TCP_RESET_SENT);
}

struct trace_event_raw_tcp_send_reset {
	const void *skaddr;
} KERNEL;

SEC("tp/tcp/tcp_send_reset")
int reset_sent__tracepoint(void *record)
{
	if (FIELD_EXISTS(struct trace_event_raw_tcp_send_reset, skaddr))
		return reset((struct sock *)((struct trace_event_raw_tcp_send_reset *)record)->skaddr, TCP_RESET_SENT);
	return reset((struct sock *)((struct trace_event_raw_tcp_event_sk_skb *)record)->skaddr, TCP_RESET_SENT);
}

SEC("kprobe/tcp_send_active_reset")
int reset_sent__kprobe__active(struct pt_regs *context)
{
	return reset((struct sock *)ARGUMENT1(context), TCP_RESET_SENT);
}

SEC("kprobe/tcp_v4_send_reset")
int reset_sent__kprobe__v4(struct pt_regs *context)
{
	return reset((struct sock *)ARGUMENT1(context), TCP_RESET_SENT);
}

SEC("kprobe/tcp_v6_send_reset")
int reset_sent__kprobe__v6(struct pt_regs *context)
{
	return reset((struct sock *)ARGUMENT1(context), TCP_RESET_SENT);
}

SEC("tp_btf/tcp_receive_reset")
int reset_received__tp_btf(__u64 *arguments)
{
	return reset((struct sock *)arguments[0], TCP_RESET_RECEIVED);
}

SEC("raw_tp/tcp_receive_reset")
int reset_received__raw_tp(__u64 *arguments)
{
	return reset((struct sock *)arguments[0], TCP_RESET_RECEIVED);
}

SEC("tp/tcp/tcp_receive_reset")
int reset_received__tracepoint(struct trace_event_raw_tcp_event_sk *record)
{
	return reset((struct sock *)record->skaddr, TCP_RESET_RECEIVED);
}

SEC("kprobe/tcp_reset")
int reset_received__kprobe(struct pt_regs *context)
{
	return reset((struct sock *)ARGUMENT1(context), TCP_RESET_RECEIVED);
}

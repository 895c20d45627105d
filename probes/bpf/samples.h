/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * What crosses from the kernel to user space: the layouts of samples (perf buffer) and aggregates (maps).
 * This header is their only definition; the C# mirrors are generated from the BTF that clang makes of it.
 * All integers are in host order, every struct is free of implicit padding, and strings of samples with
 * a tail follow the struct in the order of their *_length fields, without terminators.
 */
#ifndef PROBES_SAMPLES_H
#define PROBES_SAMPLES_H

#include "types.h"

enum sample_kind {
	SAMPLE_PROCESS_FORK = 1,
	SAMPLE_PROCESS_EXEC = 2,
	SAMPLE_PROCESS_EXIT = 3,
	SAMPLE_IMAGE_MAPPED = 4,
	SAMPLE_TCP_CONNECTION = 5,
	SAMPLE_DNS_LOOKUP = 6,
	SAMPLE_DECLARED = 7,		/* of all declared probes; what follows the header is the compiler's (EventLayout) */

	/* No samples: these probes only aggregate, and their events are accounted for under these indices. */
	AGGREGATE_TLS = 8,
	AGGREGATE_BLOCK = 9,
	AGGREGATE_SCHED = 10,

	SAMPLE_KINDS = 16,
};

/* A process: PIDs are reused, a PID with its start time is not. */
struct process_ref {
	__u32 pid;		/* thread group id, in the initial PID namespace */
	__u32 tid;		/* the thread that acted; 0 where a process is only referred to */
	__u64 start_time;	/* of the thread group leader: ns since boot, CLOCK_BOOTTIME */
};

struct sample_header {
	__u16 kind;		/* enum sample_kind */
	__u16 reserved;
	__u32 uid;		/* in the initial user namespace */
	__u64 time;		/* ns, CLOCK_MONOTONIC: when the sample was taken */
	struct process_ref process;
	__u64 cgroup_id;	/* of the v2 hierarchy */
	char comm[16];
};

/* header.process is the parent that forked. */
struct process_fork {
	struct sample_header header;
	struct process_ref child;
};

/*
 * Tail: path of the executable (absolute in the root of the process; of a script, its interpreter), arguments
 * (NUL-separated), environment (NUL-separated), cgroup path (of the v2 hierarchy or, where that is only the root, of
 * the v1 memory or pids controller; "/" is the root).
 */
struct process_exec {
	struct sample_header header;	/* comm is the new one */
	struct process_ref parent;
	__u32 gid;
	__u32 arguments_total;		/* bytes the process has; more than arguments_length: cut */
	__u32 environment_total;
	__u16 path_length;
	__u16 arguments_length;
	__u16 environment_length;
	__u16 cgroup_length;
	__u32 reserved;
	__u8 tail[];
};

struct process_exit {
	struct sample_header header;
	struct process_ref parent;
	__u32 exit_code;		/* as wait(2) has it: code << 8 | signal, 0x80 = core dumped */
	__u32 reserved;
	__u64 user_time;		/* ns on CPU of the thread group, in user mode */
	__u64 system_time;		/* ns, in kernel mode */
};

/*
 * A library ("lib..." or musl's loader) was mapped executable for the first time since the probe runs. Map images
 * (struct image_key, LRU) remembers what was reported; user space deletes a key to hear of that file again.
 */
struct image_mapped {
	struct sample_header header;
	__u64 inode;
	__u32 device;			/* kernel dev_t: major << 20 | minor */
	__u32 reserved;
	char name[64];			/* last component of the path */
};

struct image_key {
	__u64 inode;
	__u32 device;
	__u32 reserved;
};

enum tcp_role {
	TCP_ROLE_UNKNOWN = 0,		/* established before the probe was attached */
	TCP_ROLE_CLIENT = 1,
	TCP_ROLE_SERVER = 2,
};

enum tcp_flags {
	TCP_RESET_SENT = 1,
	TCP_RESET_RECEIVED = 2,
};

/*
 * One for each connection, when it is closed or failed to be made. header.process is its owner: who connected or
 * accepted. pid 0: unknown (closed before anyone accepted it, or it never did I/O since the probe was attached).
 * An IPv4 peer of an IPv6 socket is AF_INET. A connect that its process gave up has error ECANCELED.
 */
struct tcp_connection {
	struct sample_header header;
	__u64 socket;			/* address of the struct sock: tells connections apart, never leaves the machine */
	__u64 start_time;		/* ns, CLOCK_MONOTONIC: SYN sent (client) or established (server); 0: before the probe */
	__u64 established_time;		/* 0: never was */
	__u64 end_time;
	__u64 bytes_sent;		/* payload, without retransmissions */
	__u64 bytes_received;		/* payload */
	__u32 retransmits;		/* segments */
	__u32 rtt;			/* smoothed, us; 0: not measured */
	__s32 error;			/* errno of the socket, positive; 0: none */
	__u16 family;			/* AF_INET or AF_INET6 */
	__u16 local_port;
	__u16 peer_port;
	__u8 role;			/* enum tcp_role */
	__u8 flags;			/* enum tcp_flags */
	__u32 reserved;
	__u8 local_address[16];		/* IPv4 in the first four bytes; network order */
	__u8 peer_address[16];
};

enum dns_function {
	DNS_GETADDRINFO = 1,
	DNS_GETHOSTBYNAME = 2,		/* and gethostbyname2 and their _r forms */
};

/* Tail: the name that was asked for, without a terminator. */
struct dns_lookup {
	struct sample_header header;
	__u64 start_time;		/* ns, CLOCK_MONOTONIC */
	__s32 result;			/* getaddrinfo: EAI_* (0 = found); gethostbyname*: 0 = found, 1 = not, h_errno unknown */
	__u16 function;			/* enum dns_function */
	__u16 name_length;
	__u8 tail[];
};

/* ---- aggregates ---- */

/*
 * Key of every map that aggregates by process; pid 0 is the overflow series of a full map (user space creates it
 * before the programs run), and what belongs to no process. Kernel threads count as one process: kthreadd, pid 2.
 */
struct process_key {
	__u32 pid;
	__u32 reserved;
	__u64 start_time;
};

/*
 * An exponential histogram of durations in ticks of 2^-30 s. Bucket i of scale s holds the values in
 * (2^(10 + i / 2^s), 2^(10 + (i + 1) / 2^s)] ticks; in seconds its OTLP index is i - (20 << s). Values of at
 * most 2^10 ticks (0.95 us) are counted in zero (zero_threshold 2^-20 s); values over 2^40 ticks (1024 s) in the
 * last bucket. count, sum, minimum and maximum are exact.
 */
#define HISTOGRAM_FIRST_OCTAVE 10
#define HISTOGRAM_OCTAVES 30
#define HISTOGRAM(scale)                              \
	{                                             \
		__u64 count;                          \
		__u64 sum;     /* ns */               \
		__u64 minimum; /* ns; valid if count */ \
		__u64 maximum; /* ns */               \
		__u64 zero;                           \
		__u32 buckets[HISTOGRAM_OCTAVES << (scale)]; \
	}

struct histogram_scale0 HISTOGRAM(0);
struct histogram_scale1 HISTOGRAM(1);
struct histogram_scale2 HISTOGRAM(2);

/* Per sample kind (array index), one a CPU: what the BPF side knows of its samples. */
struct sample_counters {
	__u64 produced;			/* samples that were to be sent */
	__u64 buffer_full;		/* of those: refused because the perf buffer was full */
	__u64 failed;			/* of those: refused for another reason */
	__u64 state_full;		/* events lost before they were samples: a map that pairs or keeps state was full */
	__u64 overflowed;		/* events not lost, but counted in the overflow series: the map of aggregates was full */
};

struct tcp_process_totals {		/* map tcp_processes: process_key -> per CPU */
	__u64 bytes_sent;
	__u64 bytes_received;
	__u64 retransmits;
	__u64 connects;			/* connections established as client */
	__u64 accepts;			/* connections established as server */
	__u64 resets_sent;
	__u64 resets_received;
};

struct tcp_failure_key {		/* map tcp_failures -> __u64 per CPU */
	__u32 error;			/* errno */
	__u16 family;
	__u16 reserved;
};

struct tcp_latency_key {		/* maps tcp_connect_duration, tcp_rtt -> struct histogram_scale2 per CPU */
	__u16 family;
	__u8 role;			/* enum tcp_role */
	__u8 reserved;
};

enum tls_direction { TLS_READ = 0, TLS_WRITE = 1 };

struct tls_process_totals {		/* map tls_processes: process_key -> per CPU */
	__u64 bytes_read;
	__u64 bytes_written;
	__u64 handshakes;
	__u64 handshake_errors;
	__u64 io_errors;		/* SSL_read/SSL_write failures that SSL_get_error calls SSL_ERROR_SSL or SSL_ERROR_SYSCALL */
	__u64 reserved;
	struct histogram_scale0 handshake_duration;
};

enum block_direction { BLOCK_READ = 0, BLOCK_WRITE = 1, BLOCK_DISCARD = 2, BLOCK_FLUSH = 3 };

struct block_key {			/* map block_devices -> struct block_totals per CPU */
	__u32 device;			/* kernel dev_t: major << 20 | minor; 0: the overflow series, and requests to no disk */
	__u32 direction;		/* enum block_direction */
};

struct block_totals {
	__u64 bytes;
	__u64 operations;
	__u64 errors;
	struct histogram_scale2 duration;	/* issue to completion */
};

struct sched_totals {			/* map sched_processes: process_key -> per CPU */
	__u64 voluntary_switches;
	__u64 involuntary_switches;
	__u64 run_time;			/* ns on CPU */
	struct histogram_scale1 run_queue_latency;
	struct histogram_scale0 off_cpu_duration;
};

struct process_totals {			/* array map process_totals, one entry -> per CPU */
	__u64 forks;
	__u64 execs;
	__u64 exits;
};

/*
 * Reaches every layout of this header: a pointer to it, kept in each object, keeps them all in the object's BTF, which
 * is what the C# mirrors are generated from.
 */
union sample_layouts {
	enum sample_kind sample_kind;
	enum tcp_role tcp_role;
	enum tcp_flags tcp_flags;
	enum dns_function dns_function;
	enum tls_direction tls_direction;
	enum block_direction block_direction;
	struct process_fork process_fork;
	struct process_exec process_exec;
	struct process_exit process_exit;
	struct image_mapped image_mapped;
	struct image_key image_key;
	struct tcp_connection tcp_connection;
	struct dns_lookup dns_lookup;
	struct process_key process_key;
	struct sample_counters sample_counters;
	struct tcp_process_totals tcp_process_totals;
	struct tcp_failure_key tcp_failure_key;
	struct tcp_latency_key tcp_latency_key;
	struct tls_process_totals tls_process_totals;
	struct block_key block_key;
	struct block_totals block_totals;
	struct sched_totals sched_totals;
	struct process_totals process_totals;
};

#endif

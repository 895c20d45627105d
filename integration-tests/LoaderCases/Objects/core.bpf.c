/* Every kind of CO-RE relocation against the types of the running kernel, checked with what system calls and helpers say. */
#include "check.h"

#define CORE __attribute__((preserve_access_index))
#define FIELD_OFFSET(field) __builtin_preserve_field_info(field, 0)
#define FIELD_SIZE(field) __builtin_preserve_field_info(field, 1)
#define FIELD_EXISTS(field) __builtin_preserve_field_info(field, 2)
#define FIELD_SIGNED(field) __builtin_preserve_field_info(field, 3)
#define FIELD_LEFT(field) __builtin_preserve_field_info(field, 4)
#define FIELD_RIGHT(field) __builtin_preserve_field_info(field, 5)
#define TYPE_ID_LOCAL(type) __builtin_btf_type_id(*(type *)0, 0)
#define TYPE_ID_KERNEL(type) __builtin_btf_type_id(*(type *)0, 1)
#define TYPE_EXISTS(type) __builtin_preserve_type_info(*(type *)0, 0)
#define TYPE_SIZE(type) __builtin_preserve_type_info(*(type *)0, 1)
#define ENUM_EXISTS(type, value) __builtin_preserve_enum_value(*(type *)value, 0)
#define ENUM_VALUE(type, value) __builtin_preserve_enum_value(*(type *)value, 1)
#define NO_FIELD(type) ((type *)0)

#define READ(pointer, field)                                                                             \
	({                                                                                               \
		__typeof__(pointer) pointer_ = (pointer);                                                \
		__typeof__(pointer_->field) value_;                                                      \
		probe_read_kernel(&value_, sizeof(value_), __builtin_preserve_access_index(&pointer_->field)); \
		value_;                                                                                  \
	})

/* A bit-field, whatever its place and width are on this kernel. */
#define READ_BITS(pointer, field)                                                                        \
	({                                                                                               \
		__u64 bits_ = 0;                                                                         \
		probe_read_kernel(&bits_, FIELD_SIZE(pointer->field), (void *)pointer + FIELD_OFFSET(pointer->field)); \
		bits_ <<= FIELD_LEFT(pointer->field);                                                    \
		if (FIELD_SIGNED(pointer->field))                                                        \
			bits_ = (__s64)bits_ >> FIELD_RIGHT(pointer->field);                             \
		else                                                                                     \
			bits_ >>= FIELD_RIGHT(pointer->field);                                           \
		bits_;                                                                                   \
	})

CONSTANT __u32 descriptor = 0;      /* a UDP socket, bound */
CONSTANT __u32 port = 0;            /* where it is bound */
CONSTANT __u32 address = 0;         /* in network order */
CONSTANT __u32 user_locks = 0;      /* expected of sk_userlocks */
CONSTANT __u32 no_check = 0;        /* expected of sk_no_check_tx */
CONSTANT __u32 reset_on_fork = 0;   /* expected of sched_reset_on_fork */
CONSTANT __u32 nice = 0;            /* nice value + 20 */
CONSTANT __u32 task_struct_id = 0;  /* in the kernel's types */
CONSTANT __u32 task_struct_size = 0;
CONSTANT __u32 local_id = 0;        /* of struct only_here in the object's types */

/* All of these in an order that no kernel has. */
struct sock_common {
	__u16 skc_family;
	__u16 skc_num;
	__u32 skc_rcv_saddr; /* in an anonymous struct in an anonymous union */
} CORE;

struct sock {
	int no_such_field;
	unsigned int sk_no_check_tx : 9;
	unsigned long sk_userlocks : 13;
	__u16 sk_protocol;
	struct sock_common __sk_common;
} CORE;

struct socket {
	struct sock *sk;
} CORE;

struct file {
	void *private_data;
} CORE;

struct fdtable {
	struct file **fd;
	__u32 max_fds;
} CORE;

struct files_struct {
	struct fdtable *fdt;
} CORE;

struct task_struct {
	char comm[16];
	unsigned long sched_reset_on_fork : 3;
	unsigned int flags;
	int prio, static_prio;
	int tgid;
	int no_such_field;
	struct task_struct *group_leader;
	int pid;
	struct files_struct *files;
} CORE;

struct task_struct___with_state {
	long state; /* until 5.13 */
} CORE;

struct task_struct___with_renamed_state {
	unsigned int __state; /* since 5.14 */
} CORE;

struct task_struct___narrow {
	long pid; /* wider than the kernel's */
} CORE;

struct no_such_struct {
	int field;
} CORE;

struct only_here {
	int field;
};

struct list_head {
	struct list_head *prev, *next;
} CORE;

struct iovec {
	unsigned long iov_len;
} CORE;

enum bpf_map_type {
	BPF_MAP_TYPE_RINGBUF = 1,
	BPF_MAP_TYPE_LRU_HASH = 77,
	BPF_MAP_TYPE_BLOOM_FILTER = 2, /* since 5.16 */
	BPF_MAP_TYPE_NO_SUCH = 3,
};

enum hrtimer_mode___flavour { HRTIMER_MODE_PINNED = 77 };

CHECKS(field_offset)
{
	struct task_struct *task = (void *)current_task();
	__u64 ids = current_pid_tgid();
	char comm[16] = {}, name[16] = {};

	CHECK_SAME(READ(task, tgid), (int)(ids >> 32));
	CHECK_SAME(READ(task, pid), (int)ids);
	CHECK_SAME(READ(READ(task, group_leader), pid), (int)(ids >> 32));
	current_comm(name, sizeof(name));
	CHECK(!probe_read_kernel(comm, sizeof(comm), __builtin_preserve_access_index(&task->comm)));
	for (int i = 0; i < 16; i++) {
		CHECK_SAME(comm[i], name[i]);
		if (!name[i])
			break;
	}
	CHECK_SAME(READ(task, static_prio), (int)nice + 100);
	CHECK_SAME(FIELD_OFFSET(task->comm[5]), FIELD_OFFSET(task->comm) + 5);
	CHECK_SAME(READ(task, comm[3]), name[3]);
	return 0;
}

CHECKS(field_size)
{
	CHECK_SAME(FIELD_SIZE(NO_FIELD(struct task_struct)->comm), 16);
	CHECK_SAME(FIELD_SIZE(NO_FIELD(struct task_struct)->pid), 4);
	CHECK_SAME(FIELD_SIZE(NO_FIELD(struct task_struct___narrow)->pid), 4);
	CHECK_SAME(FIELD_SIZE(NO_FIELD(struct task_struct)->group_leader), 8);
	CHECK_SAME(FIELD_SIZE(NO_FIELD(struct sock_common)->skc_family), 2);
	CHECK_SAME(FIELD_SIZE(NO_FIELD(struct sock)->sk_protocol), 2);
	return 0;
}

CHECKS(field_exists)
{
	CHECK(FIELD_EXISTS(NO_FIELD(struct task_struct)->tgid));
	CHECK(!FIELD_EXISTS(NO_FIELD(struct task_struct)->no_such_field));
	CHECK(!FIELD_EXISTS(NO_FIELD(struct sock)->no_such_field));
	CHECK(!FIELD_EXISTS(NO_FIELD(struct no_such_struct)->field));
	CHECK_SAME(FIELD_EXISTS(NO_FIELD(struct task_struct___with_state)->state), (release < 5014));
	CHECK_SAME(FIELD_EXISTS(NO_FIELD(struct task_struct___with_renamed_state)->__state), (release >= 5014));
	return 0;
}

CHECKS(field_signed)
{
	CHECK(FIELD_SIGNED(NO_FIELD(struct task_struct)->prio));
	CHECK(!FIELD_SIGNED(NO_FIELD(struct task_struct)->flags));
	CHECK(!FIELD_SIGNED(NO_FIELD(struct task_struct)->sched_reset_on_fork));
	return 0;
}

/* The two shifts and the storage of a bit-field, in structures where the compiler's and the kernel's differ. */
CHECKS(task_bits)
{
	struct task_struct *task = (void *)current_task();

	CHECK_SAME(FIELD_RIGHT(task->sched_reset_on_fork), 63);
	CHECK_SAME(READ_BITS(task, sched_reset_on_fork), reset_on_fork);
	/* What is not a bit-field can be read so as well. */
	CHECK_SAME(READ_BITS(task, pid), (__u32)current_pid_tgid());
	return 0;
}

CHECKS(sock_bits)
{
	struct task_struct *task = (void *)current_task();
	struct file *file = 0;
	struct socket *socket;
	struct sock *sock;

	CHECK(!probe_read_kernel(&file, sizeof(file), READ(READ(READ(task, files), fdt), fd) + descriptor));
	socket = READ(file, private_data);
	sock = READ(socket, sk);
	CHECK_SAME(READ(sock, __sk_common.skc_family), 2);
	CHECK_SAME(READ(sock, __sk_common.skc_num), port);
	CHECK_SAME(READ(sock, __sk_common.skc_rcv_saddr), address);
	CHECK_SAME(READ_BITS(sock, sk_protocol), 17);
	/* Four bits, and since 6.8 or so a byte. */
	CHECK(FIELD_RIGHT(sock->sk_userlocks) == 60 || FIELD_RIGHT(sock->sk_userlocks) == 56);
	CHECK_SAME(READ_BITS(sock, sk_userlocks), user_locks);
	CHECK_SAME(READ_BITS(sock, sk_no_check_tx), no_check);
	return 0;
}

CHECKS(type_exists)
{
	CHECK(TYPE_EXISTS(struct task_struct));
	CHECK(!TYPE_EXISTS(struct no_such_struct));
	CHECK(TYPE_EXISTS(struct task_struct___with_state));
	CHECK(TYPE_EXISTS(enum bpf_map_type));
	return 0;
}

CHECKS(type_size)
{
	CHECK_SAME(TYPE_SIZE(struct list_head), 16);
	CHECK_SAME(TYPE_SIZE(struct iovec), 16);
	CHECK_SAME(TYPE_SIZE(struct task_struct), task_struct_size);
	CHECK_SAME(TYPE_SIZE(struct no_such_struct), 0);
	return 0;
}

CHECKS(type_ids)
{
	CHECK_SAME(TYPE_ID_KERNEL(struct task_struct), task_struct_id);
	CHECK_SAME(TYPE_ID_LOCAL(struct only_here), local_id);
	return 0;
}

CHECKS(enumerators)
{
	CHECK(ENUM_EXISTS(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF));
	CHECK_SAME(ENUM_VALUE(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF), 27);
	CHECK_SAME(ENUM_VALUE(enum bpf_map_type, BPF_MAP_TYPE_LRU_HASH), 9);
	CHECK_SAME(ENUM_EXISTS(enum bpf_map_type, BPF_MAP_TYPE_BLOOM_FILTER), (release >= 5016));
	CHECK(!ENUM_EXISTS(enum bpf_map_type, BPF_MAP_TYPE_NO_SUCH));
	CHECK_SAME(ENUM_VALUE(enum hrtimer_mode___flavour, HRTIMER_MODE_PINNED), 2);
	return 0;
}

CHECKS(flavours)
{
	struct task_struct___with_state *older = (void *)current_task();
	struct task_struct___with_renamed_state *newer = (void *)older;

	/* It runs, so its state is TASK_RUNNING; the other read is poisoned, and never reached. */
	if (FIELD_EXISTS(older->state))
		CHECK_SAME(READ(older, state), 0);
	else
		CHECK_SAME(READ(newer, __state), 0);
	return 0;
}

/* Not guarded: the verifier reaches it. */
CHECKS(reached_poison)
{
	struct task_struct *task = (void *)current_task();

	CHECK_SAME(READ(task, no_such_field), 0);
	return 0;
}

/* Loads from typed pointers, relocated in the instruction itself. The trigger is prctl(PR_SET_NAME). */
SEC("tp_btf/task_rename") int direct_loads(__u64 *context)
{
	struct task_struct *task = (void *)context[0];
	struct verdict *v = find_verdict();
	__u64 ids = current_pid_tgid();
	__u64 bits = 0;

	if (!v || ids >> 32 != target)
		return 0;
	v->runs++;
	CHECK_SAME(task->tgid, (int)(ids >> 32));
	CHECK_SAME(task->pid, (int)ids);
	CHECK_SAME(task->group_leader->pid, (int)(ids >> 32));
	/* The compiler's field has eight bytes, the kernel's four: the load is made as wide as the kernel's. */
	CHECK_SAME(task->static_prio, (int)nice + 100);
	switch (FIELD_SIZE(task->sched_reset_on_fork)) {
	case 1: bits = *(__u8 *)((void *)task + FIELD_OFFSET(task->sched_reset_on_fork)); break;
	case 2: bits = *(__u16 *)((void *)task + FIELD_OFFSET(task->sched_reset_on_fork)); break;
	case 4: bits = *(__u32 *)((void *)task + FIELD_OFFSET(task->sched_reset_on_fork)); break;
	case 8: bits = *(__u64 *)((void *)task + FIELD_OFFSET(task->sched_reset_on_fork)); break;
	}
	bits <<= FIELD_LEFT(task->sched_reset_on_fork);
	bits >>= FIELD_RIGHT(task->sched_reset_on_fork);
	CHECK_SAME(bits, reset_on_fork);
	return 0;
}

/* An unsigned load changes its width; one of a signed number can't, since it would lack the sign. */
struct task_struct___wide {
	unsigned long flags;
} CORE;

SEC("tp_btf/task_rename") int widened_load(__u64 *context)
{
	struct task_struct___wide *task = (void *)context[0];
	struct verdict *v = find_verdict();

	if (!v || current_pid_tgid() >> 32 != target)
		return 0;
	v->runs++;
	CHECK(task->flags != 0);
	CHECK_SAME(task->flags >> 32, 0);
	CHECK_SAME((__u32)task->flags, READ((struct task_struct *)task, flags));
	return 0;
}

EXPORT_LICENSE;

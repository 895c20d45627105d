/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/*
 * The parts of kernel structures that the probes read, by name only: the loader moves every access to where the running
 * kernel has the field (CO-RE), so neither order nor completeness matters here. X___older is another version of X.
 */
#ifndef PROBES_KERNEL_H
#define PROBES_KERNEL_H

#include "bpf.h"

#define KERNEL __attribute__((preserve_access_index))

/* One field through any kernel pointer; 0 if it can't be read. The two forms agree, direct is for BTF-typed arguments (tp_btf). */
#define READ(pointer, field)                                                                          \
	({                                                                                            \
		__typeof__(pointer) pointer_ = (pointer);                                             \
		__typeof__(pointer_->field) value_;                                                   \
		probe_read_kernel(&value_, sizeof(value_), __builtin_preserve_access_index(&pointer_->field)); \
		value_;                                                                               \
	})
#define FIELD(direct, pointer, field) ((direct) ? (pointer)->field : READ(pointer, field))

/* Whether the running kernel has the field. */
#define FIELD_EXISTS(type, field) __builtin_preserve_field_info(((type *)0)->field, 2)

struct list_head {
	struct list_head *next, *prev;
} KERNEL;

typedef struct {
	int counter;
} atomic_t;

struct qstr {
	__u32 len;
	const unsigned char *name;
} KERNEL;

struct super_block {
	__u32 s_dev;
} KERNEL;

struct inode {
	struct super_block *i_sb;
	unsigned long i_ino;
} KERNEL;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
} KERNEL;

struct vfsmount {
	struct dentry *mnt_root;
} KERNEL;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} KERNEL;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} KERNEL;

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
} KERNEL;

struct fdtable {
	__u32 max_fds;
	struct file **fd;
} KERNEL;

struct files_struct {
	struct fdtable *fdt;
} KERNEL;

struct fs_struct {
	struct path root;
} KERNEL;

struct mm_struct {
	unsigned long arg_start, arg_end, env_start, env_end;
	struct file *exe_file;
} KERNEL;

struct kernfs_node {
	struct kernfs_node *__parent; /* since 6.15 */
	const char *name;
} KERNEL;

struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
} KERNEL;

struct cgroup {
	struct kernfs_node *kn;
} KERNEL;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
} KERNEL;

/* Positions depend on the configuration, so they are taken from the running kernel's enum. */
enum cgroup_subsys_id {
	memory_cgrp_id = 1,
	pids_cgrp_id = 2,
	CGROUP_SUBSYS_COUNT = 16,
};

struct css_set {
	struct cgroup_subsys_state *subsys[CGROUP_SUBSYS_COUNT];
	struct cgroup *dfl_cgrp;
} KERNEL;

struct signal_struct {
	atomic_t live;
	int group_exit_code;
	__u32 flags;
	__u64 utime, stime;
	__u64 sum_sched_runtime;
} KERNEL;

struct sched_entity {
	__u64 sum_exec_runtime;
} KERNEL;

struct sched_entity___since_6_12 {
	unsigned char sched_delayed;
} KERNEL;

struct cred {
	struct {
		__u32 val;
	} gid;
} KERNEL;

struct task_struct {
	__u32 __state; /* since 5.14 */
	__u32 flags;
	int on_rq;
	struct sched_entity se;
	struct mm_struct *mm;
	int exit_code;
	int pid, tgid;
	struct task_struct *real_parent;
	struct list_head children, sibling;
	struct task_struct *group_leader;
	__u64 utime, stime;
	__u64 start_boottime;
	char comm[16];
	struct fs_struct *fs;
	struct files_struct *files;
	struct signal_struct *signal;
	struct css_set *cgroups;
} KERNEL;

struct task_struct___before_5_14 {
	long state;
} KERNEL;

struct in6_addr { /* ABI, and copied to our side: no relocation */
	__u8 bytes[16];
};

struct sock_common {
	__u32 skc_daddr, skc_rcv_saddr;
	__u16 skc_dport; /* network order */
	__u16 skc_family;
	unsigned char skc_state;
	unsigned long skc_flags;
	struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
} KERNEL;

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	int sk_err;
} KERNEL;

struct inet_sock {
	__u16 inet_sport; /* network order; kept when the port is given back, unlike skc_num */
} KERNEL;

struct tcp_sock {
	__u64 bytes_sent;     /* payload, with retransmissions */
	__u64 bytes_retrans;
	__u64 bytes_received; /* as sequence numbers advance: a FIN counts one */
	__u32 total_retrans;
	__u32 srtt_us;        /* in eighths */
} KERNEL;

struct socket {
	struct sock *sk;
} KERNEL;

struct gendisk {
	int major;
	int first_minor;
} KERNEL;

struct request_queue {
	struct gendisk *disk; /* since 5.15 */
} KERNEL;

struct request {
	struct request_queue *q;
	__u32 cmd_flags;
	__u32 __data_len;
	struct request *rq_next; /* since 5.16 */
} KERNEL;

struct request___before_5_17 {
	struct gendisk *rq_disk;
} KERNEL;

struct rq_list {
	struct request *head;
} KERNEL;

struct io_comp_batch {
	struct rq_list req_list; /* since 6.14 */
} KERNEL;

struct io_comp_batch___before_6_14 {
	struct request *req_list;
} KERNEL;

#define PF_KTHREAD 0x00200000
#define TASK_DEAD 0x80
#define SIGNAL_GROUP_EXIT 4

/* Records of the tracepoints in tracefs (sections tp/...). */
struct trace_entry {
	__u16 type;
} KERNEL;

struct trace_event_raw_sys_enter {
	unsigned long args[6];
} KERNEL;

struct trace_event_raw_sys_exit {
	long ret;
} KERNEL;

/* An open file of the current process. */
INLINE struct file *file_of(__u32 descriptor)
{
	struct task_struct *task = (struct task_struct *)current_task();
	struct fdtable *table = READ(READ(task, files), fdt);
	struct file *file = 0;

	if (descriptor < READ(table, max_fds))
		probe_read_kernel(&file, sizeof(file), READ(table, fd) + descriptor);
	return file;
}

#endif

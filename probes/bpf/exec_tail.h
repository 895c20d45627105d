/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* The tail of an exec sample: path, arguments, environment and cgroup, written one after the other. */
#ifndef PROBES_EXEC_TAIL_H
#define PROBES_EXEC_TAIL_H

#include "kernel.h"
#include "samples.h"

#define PATH_DEPTH 24
#define CGROUP_DEPTH 10
#define NAME_SIZE 256
#define PATH_SIZE 1024
#define CGROUP_SIZE 512
#define STRINGS_SIZE 4096 /* the most of arguments, and of the environment */
#define TAIL_SIZE (PATH_SIZE + 2 * STRINGS_SIZE + CGROUP_SIZE)

/*
 * Too large for the stack of 512 bytes; one a CPU is enough for each program that can be preempted. Lengths are kept
 * here and not in registers because the verifier knows nothing of memory: it would follow each value that a register can
 * have through every turn of a loop, and give up after a million instructions.
 */
struct exec_scratch {
	struct process_exec sample;
	/* A name may be written at any offset up to the last byte of the tail before its length is known. */
	char tail[TAIL_SIZE + NAME_SIZE];
	const unsigned char *names[PATH_DEPTH];
	volatile __u32 depth;  /* of names */
	volatile __u32 length; /* of the tail */
};

/* The names leaf first, to the tail root first; what was written, at most size. */
INLINE __u32 write_path(struct exec_scratch *scratch, __u32 size)
{
	__u32 start = scratch->length;

	for (__u32 i = 0; i < PATH_DEPTH; i++) {
		__u32 level = PATH_DEPTH - 1 - i;
		__u32 offset = scratch->length;
		long length;

		if (level >= scratch->depth)
			continue;
		OPAQUE(offset);
		if (offset >= TAIL_SIZE)
			break;
		scratch->tail[offset] = '/';
		length = probe_read_kernel_string(&scratch->tail[offset + 1], NAME_SIZE - 1, scratch->names[level]);
		if (length <= 0)
			break;
		scratch->length = offset + length; /* the slash instead of the terminator */
	}
	if (scratch->length == start) {
		__u32 offset = start;

		OPAQUE(offset);
		if (offset < TAIL_SIZE)
			scratch->tail[offset] = '/';
		scratch->length = offset + 1;
	}
	if (scratch->length - start > size)
		scratch->length = start + size;
	return scratch->length - start;
}

/* What /proc/PID/exe shows: walks from the file to the root of the process, over mount points. */
INLINE __u32 write_executable(struct exec_scratch *scratch, struct task_struct *task, struct mm_struct *mm)
{
	struct file *file = READ(mm, exe_file);
	struct path path = READ(file, f_path);
	struct fs_struct *fs = READ(task, fs);
	struct path root = READ(fs, root);

	scratch->depth = 0;
	if (!file)
		return 0;
	for (__u32 i = 0; i < PATH_DEPTH + 8; i++) { /* a mount point costs a turn but is no name */
		__u32 depth = scratch->depth;
		struct mount *mount;
		struct dentry *parent;

		if (path.dentry == root.dentry && path.mnt == root.mnt)
			break;
		if (path.dentry == READ(path.mnt, mnt_root)) {
			mount = (void *)path.mnt - __builtin_preserve_field_info(((struct mount *)0)->mnt, 0);
			if (READ(mount, mnt_parent) == mount)
				break;
			path.dentry = READ(mount, mnt_mountpoint);
			mount = READ(mount, mnt_parent);
			path.mnt = (void *)mount + __builtin_preserve_field_info(((struct mount *)0)->mnt, 0);
			continue;
		}
		parent = READ(path.dentry, d_parent);
		OPAQUE(depth);
		if (parent == path.dentry || depth >= PATH_DEPTH)
			break;
		scratch->names[depth] = READ(path.dentry, d_name.name);
		scratch->depth = depth + 1;
		path.dentry = parent;
	}
	return write_path(scratch, PATH_SIZE);
}

INLINE struct kernfs_node *parent_node(struct kernfs_node *node)
{
	if (FIELD_EXISTS(struct kernfs_node, __parent))
		return READ(node, __parent);
	return READ((struct kernfs_node___before_6_15 *)node, parent);
}

INLINE struct kernfs_node *v1_node(struct css_set *groups, __u32 controller)
{
	struct cgroup_subsys_state *state = 0;

	if (controller < CGROUP_SUBSYS_COUNT)
		probe_read_kernel(&state, sizeof(state), __builtin_preserve_access_index(&groups->subsys[0]) + controller);
	return READ(READ(state, cgroup), kn);
}

INLINE __u32 write_cgroup(struct exec_scratch *scratch, struct task_struct *task)
{
	struct css_set *groups = READ(task, cgroups);
	struct kernfs_node *node = READ(READ(groups, dfl_cgrp), kn);

	/* On a host with v1 the v2 hierarchy has only its root, which has no parent. */
	if (!parent_node(node) && __builtin_preserve_enum_value(*(enum cgroup_subsys_id *)memory_cgrp_id, 0))
		node = v1_node(groups, __builtin_preserve_enum_value(*(enum cgroup_subsys_id *)memory_cgrp_id, 1));
	if (!parent_node(node) && __builtin_preserve_enum_value(*(enum cgroup_subsys_id *)pids_cgrp_id, 0))
		node = v1_node(groups, __builtin_preserve_enum_value(*(enum cgroup_subsys_id *)pids_cgrp_id, 1));

	scratch->depth = 0;
	for (__u32 i = 0; i < CGROUP_DEPTH; i++) {
		struct kernfs_node *parent = parent_node(node);

		if (!parent)
			break;
		scratch->names[i] = (const unsigned char *)READ(node, name);
		scratch->depth = i + 1;
		node = parent;
	}
	return write_path(scratch, CGROUP_SIZE);
}

/* Up to limit bytes of user memory to the tail. */
INLINE __u32 write_strings(struct exec_scratch *scratch, unsigned long from, __u32 total, __u32 limit)
{
	__u32 size = total < limit ? total : limit;
	__u32 offset = scratch->length;

	OPAQUE(size);
	if (size > STRINGS_SIZE)
		size = STRINGS_SIZE;
	OPAQUE(offset);
	if (!size || offset > TAIL_SIZE - STRINGS_SIZE)
		return 0;
	if (probe_read_user(&scratch->tail[offset], size, (void *)from))
		return 0;
	scratch->length = offset + size;
	return size;
}

#endif

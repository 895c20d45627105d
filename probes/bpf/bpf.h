/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* The BPF side of the kernel's UAPI that these programs use: helpers by number, map kinds, and how maps are declared. */
#ifndef PROBES_BPF_H
#define PROBES_BPF_H

#include <stdbool.h>

#include "types.h"

#define SEC(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))

/* A map is a variable in .maps whose members say in their types what the map is: numbers as array lengths. */
#define MAP_NUMBER(name, value) int(*name)[value]
#define MAP_TYPE(name, value) value *name

enum map_kind {
	MAP_HASH = 1,
	MAP_ARRAY = 2,
	MAP_PERF_EVENT_ARRAY = 4,
	MAP_PERCPU_HASH = 5,
	MAP_PERCPU_ARRAY = 6,
	MAP_LRU_HASH = 9,
};

enum {
	UPDATE_ANY = 0,
	UPDATE_NOEXIST = 1,
};

#define CURRENT_CPU 0xffffffffULL

/* All of them are in 5.8 or earlier, for every kind of program used here. */
static void *(*map_lookup)(const void *map, const void *key) = (void *)1;
static long (*map_update)(const void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*map_delete)(const void *map, const void *key) = (void *)3;
static __u64 (*monotonic_time)(void) = (void *)5;
static __u64 (*current_pid_tgid)(void) = (void *)14;
static __u64 (*current_uid_gid)(void) = (void *)15;
static long (*current_comm)(void *buffer, __u32 size) = (void *)16;
static long (*perf_event_output)(void *context, const void *map, __u64 flags, const void *data, __u64 size) = (void *)25;
static __u64 (*current_task)(void) = (void *)35;
static __u64 (*current_cgroup_id)(void) = (void *)80;
static long (*probe_read_user)(void *to, __u32 size, const void *from) = (void *)112;
static long (*probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;
static long (*probe_read_user_string)(void *to, __u32 size, const void *from) = (void *)114;
static long (*probe_read_kernel_string)(void *to, __u32 size, const void *from) = (void *)115;

/* Programs of one CPU may interrupt each other (process, softirq, hardirq), so even per-CPU values are added to atomically. */
#define ADD(target, amount) ((void)__sync_fetch_and_add(&(target), (amount)))

/* The compiler may not assume anything of the value: keeps a bounds check and the access that it guards together. */
#define OPAQUE(value) asm volatile("" : "+r"(value))

#define CONSTANT const volatile

#define EXPORT_LICENSE char program_license[] SEC("license") = "Dual BSD/GPL"

#endif

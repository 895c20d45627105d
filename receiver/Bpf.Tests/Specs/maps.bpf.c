/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Maps and variables of every kind. */
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int (*name)[value]
#define __type(name, value) typeof(value) *name
#define __array(name, value) typeof(value) *name[]

char declared_license[] SEC("license") = "GPL";

struct key {
	int a;
	long b;
};

struct {
	__uint(type, 1);
	__uint(max_entries, 128);
	__uint(map_flags, 1);
	__type(key, struct key);
	__type(value, unsigned long);
} hash SEC(".maps");

struct {
	__uint(type, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
} events SEC(".maps");

struct inner_map {
	__uint(type, 2);
	__uint(max_entries, 3);
	__type(key, int);
	__type(value, short);
};

struct {
	__uint(type, 12);
	__uint(max_entries, 5);
	__uint(key_size, 4);
	__array(values, struct inner_map);
} outer SEC(".maps");

struct {
	__uint(type, 27);
	__uint(max_entries, 4096);
} ring SEC(".maps");

#ifdef PINNED
struct {
	__uint(type, 2);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, int);
	__uint(pinning, 1);
} pinned SEC(".maps");
#endif

const volatile int before = 3;
const volatile _Bool enabled = 1;
const volatile unsigned long limit = 0x1122334455667788;
static const volatile int hidden = 7;
int counter = 5;
long zero;
static volatile int zeroes[10];

static void *(*lookup)(void *map, const void *key) = (void *)1;
static long (*trace)(const char *format, unsigned int size, ...) = (void *)6;
static long (*loop)(unsigned int count, void *callback, void *context, unsigned long flags) = (void *)181;

static long each(unsigned int index, void *context)
{
	zeroes[index & 7]++;
	return 0;
}

SEC("tp/syscalls/sys_enter_open") int uses_all(void *context)
{
	struct key key = {};
	unsigned long *value = lookup(&hash, &key);

	trace("text %d", 8, hidden);
	counter++;
	zero += limit;
	zeroes[3]++;
	if (value && enabled)
		return *value + before;
	lookup(&ring, &key);
	return 0;
}

SEC("raw_tp/sched_switch") int loops(void *context)
{
	return loop(5, each, 0, 0);
}

SEC("?fentry.s/do_unlinkat") int sleeps(void *context)
{
	return 0;
}

SEC("uprobe/libc.so.6:getaddrinfo") int probes(void *context)
{
	return 0;
}

SEC("something/else") int unknown(void *context)
{
	return 0;
}

#ifdef EXTERN
extern int CONFIG_HZ __attribute__((section(".kconfig")));
extern void kernel_function(void) __attribute__((section(".ksyms")));

SEC("tp/a/b") int uses_variable(void *context)
{
	return CONFIG_HZ;
}

SEC("tp/a/b") int calls_kernel(void *context)
{
	kernel_function();
	return 0;
}
#endif

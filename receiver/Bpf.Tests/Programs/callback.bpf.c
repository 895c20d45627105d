/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Gives a helper one of its functions, of which the kernel has to know the type. */
#define SEC(name) __attribute__((section(name), used))

static long (*loop)(unsigned int count, void *function, void *context, unsigned long long flags) = (void *)181;

static long body(unsigned int index, void *context)
{
	(void)context;
	return index > 3;
}

SEC("raw_tp/sys_enter") int calls_back(void *context)
{
	(void)context;
	return loop(10, body, 0, 0) > 20;
}

char declared_license[] SEC("license") = "Dual BSD/GPL";

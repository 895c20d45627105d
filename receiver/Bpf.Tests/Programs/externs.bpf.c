/* SPDX-License-Identifier: (GPL-2.0 OR BSD-3-Clause) */
/* Uses what the kernel is to define, in each way there is, and tells in global variables what it found. */
#define SEC(name) __attribute__((section(name), used))
#define KCONFIG __attribute__((section(".kconfig")))
#define KSYM __attribute__((section(".ksyms")))
#define WEAK __attribute__((weak))

typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;
enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

char declared_license[] SEC("license") = "Dual BSD/GPL";

extern int CONFIG_HZ KCONFIG;
extern bool CONFIG_BPF_SYSCALL KCONFIG;
extern enum libbpf_tristate CONFIG_BPF_JIT KCONFIG;
extern char CONFIG_BPF KCONFIG WEAK;
extern u64 CONFIG_NO_SUCH_OPTION KCONFIG WEAK;
extern u64 CONFIG_ILLEGAL_POINTER_VALUE KCONFIG WEAK;
extern char CONFIG_CC_VERSION_TEXT[8] KCONFIG;
extern u32 LINUX_KERNEL_VERSION KCONFIG;
extern bool LINUX_HAS_BPF_COOKIE KCONFIG WEAK;
extern int LINUX_NO_SUCH_VALUE KCONFIG WEAK;

extern const void schedule KSYM;
extern const void no_such_symbol KSYM WEAK;
extern const int bpf_prog_active KSYM;
extern const int no_such_variable KSYM WEAK;
extern void no_such_function(void) KSYM WEAK;

u32 hz, jit, version, cookie;
bool has_bpf;
char bpf;
u64 nothing = 1, illegal, address, missing_symbol = 1, missing_variable = 1, missing_function = 1;
int active = -1, no_value = 1;
char compiler[8];

static void *(*bpf_this_cpu_ptr)(const void *variable) = (void *)154;

SEC("raw_tp/sys_enter") int looks(void *context)
{
	hz = CONFIG_HZ;
	has_bpf = CONFIG_BPF_SYSCALL;
	jit = CONFIG_BPF_JIT;
	bpf = CONFIG_BPF;
	nothing = CONFIG_NO_SUCH_OPTION;
	illegal = CONFIG_ILLEGAL_POINTER_VALUE;
	for (int i = 0; i < 8; i++)
		compiler[i] = CONFIG_CC_VERSION_TEXT[i];
	version = LINUX_KERNEL_VERSION;
	cookie = LINUX_HAS_BPF_COOKIE;
	no_value = LINUX_NO_SUCH_VALUE;

	address = (u64)&schedule;
	missing_symbol = (u64)&no_such_symbol;
	missing_variable = (u64)&no_such_variable;
	missing_function = (u64)no_such_function;
	if (no_such_function)
		no_such_function();
	return 0;
}

/* Kernels without CONFIG_KALLSYMS_ALL do not find their own variables. */
SEC("raw_tp/sys_enter") int reads_variable(void *context)
{
	active = *(int *)bpf_this_cpu_ptr(&bpf_prog_active);
	return 0;
}

#ifdef CALLS
SEC("raw_tp/sys_enter") int calls_missing(void *context)
{
	no_such_function();
	return 0;
}

extern void bpf_rcu_read_lock(void) KSYM;
extern void bpf_rcu_read_unlock(void) KSYM;
SEC("tp_btf/sched_switch") int locks(void *context)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	return 0;
}

extern void bpf_rcu_read_lock___flavour(void) KSYM;
SEC("tp_btf/sched_switch") int locks_by_flavour(void *context)
{
	bpf_rcu_read_lock___flavour();
	bpf_rcu_read_unlock();
	return 0;
}

extern const int runqueues KSYM WEAK;
SEC("tp_btf/sched_switch") int takes_a_struct_for_a_number(void *context)
{
	return *(int *)bpf_this_cpu_ptr(&runqueues);
}

struct opaque;
extern void bpf_rcu_read_unlock___weak(int wrong) KSYM WEAK;
SEC("tp_btf/sched_switch") int does_without_arguments(void *context)
{
	return bpf_rcu_read_unlock___weak ? 1 : 0;
}

extern void bpf_rcu_read_unlock___other(struct opaque *first, u32 second) KSYM;
SEC("tp_btf/sched_switch") int unlocks_with_arguments(void *context)
{
	bpf_rcu_read_unlock___other(0, 1);
	return 0;
}

extern long bpf_rcu_read_lock_trace_held(int wrong, int arguments) KSYM;
SEC("tp_btf/sched_switch") int calls_with_other_arguments(void *context)
{
	return bpf_rcu_read_lock_trace_held(1, 2);
}
#endif

#ifdef STRONG
extern int CONFIG_NO_SUCH_NUMBER KCONFIG;
SEC("raw_tp/sys_enter") int needs(void *context)
{
	return CONFIG_NO_SUCH_NUMBER;
}
#endif

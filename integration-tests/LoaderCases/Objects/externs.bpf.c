/* What the kernel is to define: values of its configuration, its variables and its functions. */
#include "check.h"

#define KCONFIG SEC_EXTERN(".kconfig")
#define KSYM SEC_EXTERN(".ksyms")
#define SEC_EXTERN(name) __attribute__((section(name)))

enum libbpf_tristate { TRI_NO, TRI_YES, TRI_MODULE };

extern int LINUX_KERNEL_VERSION KCONFIG;
extern bool LINUX_HAS_SYSCALL_WRAPPER KCONFIG __attribute__((weak));
extern enum libbpf_tristate CONFIG_BPF_SYSCALL KCONFIG __attribute__((weak));
extern int CONFIG_HZ KCONFIG __attribute__((weak));
extern char CONFIG_DEFAULT_HOSTNAME[16] KCONFIG __attribute__((weak));
extern enum libbpf_tristate CONFIG_NO_SUCH_OPTION KCONFIG __attribute__((weak));

CONSTANT __u32 version = 0;   /* 256 * major + minor */
CONSTANT __u32 has_config = 0; /* whether this machine shows the kernel's configuration */
CONSTANT __u32 hz = 0;
CONSTANT __u64 address = 0; /* of bpf_prog_put, by /proc/kallsyms */

CHECKS(configuration)
{
	CHECK_SAME(LINUX_KERNEL_VERSION >> 8, version);
	CHECK_SAME(LINUX_HAS_SYSCALL_WRAPPER, 1);
	CHECK_SAME(CONFIG_BPF_SYSCALL, has_config ? TRI_YES : TRI_NO);
	CHECK_SAME(CONFIG_NO_SUCH_OPTION, 0);
	CHECK_SAME(CONFIG_HZ, hz);
	CHECK_SAME(CONFIG_DEFAULT_HOSTNAME[0], has_config ? '(' : 0); /* "(none)" */
	return 0;
}

extern const void bpf_prog_put KSYM;
extern const void no_such_symbol KSYM __attribute__((weak));

CHECKS(symbols)
{
	CHECK_SAME((__u64)&bpf_prog_put, address);
	CHECK(!&no_such_symbol);
	return 0;
}

struct rq {
	int cpu;
} __attribute__((preserve_access_index));

extern const struct rq runqueues KSYM;
extern const int bpf_stats_enabled_key_missing KSYM __attribute__((weak));

static void *(*per_cpu)(const void *variable, __u32 cpu) = (void *)153;
static void *(*this_cpu)(const void *variable) = (void *)154;
static __u32 (*current_cpu)(void) = (void *)8;

/* A variable of each CPU, of a type that the verifier knows. */
CHECKS(variables)
{
	__u32 cpu = current_cpu();
	struct rq *other = per_cpu(&runqueues, 0);

	CHECK(!&bpf_stats_enabled_key_missing);
	CHECK(other);
	CHECK_SAME(other->cpu, 0);
	CHECK_SAME(((struct rq *)this_cpu(&runqueues))->cpu, cpu);
	return 0;
}

extern void bpf_rcu_read_lock(void) KSYM;
extern void bpf_rcu_read_unlock(void) KSYM;
extern void no_such_function(void) KSYM __attribute__((weak));

SEC("tp_btf/task_rename") int functions(__u64 *context)
{
	struct verdict *v = find_verdict();

	if (!v || current_pid_tgid() >> 32 != target)
		return 0;
	bpf_rcu_read_lock();
	v->runs++;
	bpf_rcu_read_unlock();
	if (no_such_function)
		no_such_function();
	return 0;
}

EXPORT_LICENSE;

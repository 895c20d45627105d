using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Expressions as users of bpftrace and C write them bind, and compile, on every kernel.</summary>
public sealed class HabitTests
{
    public static TheoryData<string> Kernels => KernelTypes.Names;

    private static readonly (string Hook, string Expression)[] Habits =
    [
        ("kprobe:vfs_read", "comm == \"nginx\" && pid != 1 && uid == 0"),
        ("kprobe:vfs_read", "args->count > 4KiB && arg2 < 1M"),
        ("kprobe:vfs_read", "args.file.f_inode.i_sb.s_dev == 0 || args.file->f_path.dentry->d_name.len > 3"),
        ("kprobe:vfs_read", "str(args.file.f_path.dentry.d_name.name) == \"passwd\""),
        ("kprobe:vfs_read", "((struct file *)arg0)->f_flags & O_WRONLY"),
        ("kprobe:vfs_read", "*args.pos > 0 && (u32)arg2 == 5 && ctx.di != 0 && ctx.rdx > 1"),
        ("kprobe:vfs_read", "curtask.pid == 1 || curtask->real_parent->comm == \"bash\""),
        ("kprobe:vfs_read", "ns.mnt != 0 && ns.pid != 1 && ns.net > 0"),
        ("kprobe:vfs_read", "startswith(comm, \"ngi\") || endswith(comm, \"x\") || contains(comm, \"abc\")"),
        ("kprobe:vfs_read", "args.count in (1, 2, 3) && comm in (\"a\", \"b\")"),
        ("kprobe:vfs_read", "min(args.count, 10) == max(1, log2(args.count)) && sizeof(struct sock) > 8"),
        ("kprobe:vfs_read", "(pid & 1 ? args.count : 0) > 10 && !(tid == pid)"),
        ("kprobe:tcp_connect", "as(struct sock, arg0).sk_daddr == \"10.0.0.1\" || in(args.sk.sk_daddr, \"10.0.0.0/8\", \"192.168.0.0/16\")"),
        ("kprobe:tcp_connect", "ntohs(args.sk.sk_dport) == 443 && args.sk.sk_family == AF_INET && args.sk.__sk_common.skc_num > 1024"),
        ("kprobe:tcp_connect", "args.sk.sk_v6_daddr != \"::1\" && in(args.sk.sk_v6_daddr, \"fe80::/10\")"),
        ("kprobe:tcp_connect", "args.sk.sk_state == TCP_SYN_SENT && args.sk.sk_refcnt > 0"),
        ("fentry:tcp_sendmsg", "args.size > 100 && args.sk.sk_family == AF_INET6"),
        ("tp_btf:sched_switch", "args.prev.comm != args.next.comm && args.next.pid > 0"),
        ("raw_tp:sched_switch", "args.prev.tgid == 1"),
        ("kprobe:__x64_sys_openat", "ustr(args.regs.si, 32) == \"/etc/passwd\""),
        ("uprobe:libc.so.6:malloc", "arg0 > 1M"),
        ("uretprobe:libc.so.6:malloc", "retval == 0"),
        ("fexit:vfs_read", "retval < 0 && args.count > 0 && -retval == EAGAIN"),
    ];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Habits_of_bpftrace_and_C_are_taken(string kernel)
    {
        TypesTarget target = KernelTypes.Of(kernel);
        foreach ((string hook, string expression) in Habits)
        {
            ProbeDefinition definition = ProbeBinderTests.Parse($"on: [{hook}]\nwhere: '{expression}'\nemit: [ counter: {{ name: a }} ]");
            BoundProbe probe = Assert.IsType<BoundProbe>(ProbeBinder.Bind(definition, target).Probe);
            Assert.NotEmpty(ProbeCompiler.Compile(probe, new() { KernelTypes = target.Types }).Programs);
        }
    }

    [Fact]
    public void Reads_are_direct_where_the_verifier_trusts_and_of_the_kernel_where_not()
    {
        static MemoryAccess[] Of(string hook) =>
        [
            .. Reads(ProbeBinder.Bind(
                ProbeBinderTests.Parse($"on: [{hook}]\nwhere: args.prev.mm.owner.tgid == 1\nemit: [ counter: {{ name: a }} ]"), KernelTypes.Any())
                .Probe!.Hooks[0].Alternatives[0].Programs[0].Conditions[0].Expression).Select(r => r.Access),
        ];

        Assert.Equal([MemoryAccess.Direct, MemoryAccess.Direct, MemoryAccess.Direct], Of("tp_btf:sched_switch"));
        Assert.Equal([MemoryAccess.Kernel, MemoryAccess.Kernel, MemoryAccess.Kernel], Of("raw_tp:sched_switch"));
    }

    private static IEnumerable<MemoryRead> Reads(TypedExpression expression) => expression switch
    {
        MemoryRead read => [read, .. Reads(read.Address)],
        BinaryExpression binary => [.. Reads(binary.Left), .. Reads(binary.Right)],
        CastExpression cast => Reads(cast.Operand),
        _ => [],
    };
}

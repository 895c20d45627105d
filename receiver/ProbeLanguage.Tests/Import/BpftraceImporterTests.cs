using EbpfReceiver.Bpf;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class BpftraceImporterTests
{
    [Fact]
    public void A_histogram_by_key_behind_a_predicate_is_taken()
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse("kretprobe:vfs_read /comm == \"nginx\"/ { @[pid] = hist(retval) }").Probes);

        var histogram = Assert.IsType<HistogramDefinition>(Assert.Single(probe.Emit));
        Assert.Equal(("@", "retval", new PowersOfTwoBuckets()), (histogram.Name, histogram.Value!.Written, (PowersOfTwoBuckets)histogram.Buckets));
        Assert.Equal("pid", Assert.Single(histogram.Attributes).Name);
        Assert.Equal("comm == \"nginx\"", probe.Where!.Written);
    }

    [Fact]
    public void The_result_asked_for_at_an_entry_is_taken_at_the_return()
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse("kprobe:vfs_read /comm == \"nginx\"/ { @[pid] = hist(retval) }").Probes);
        Assert.Equal(HookKind.Kretprobe, Assert.Single(Assert.Single(probe.On.End).Hooks).Kind);
        Assert.False(probe.On.IsPair);

        probe = Assert.Single(BpftraceImporter.Parse("kprobe:vfs_read { @[arg2] = hist(retval) }").Probes);
        Assert.True(probe.On.IsPair);
    }

    [Fact]
    public void Two_clauses_that_measure_a_time_become_a_pair()
    {
        const string Program = """
            // latency of reads, by file descriptor
            tracepoint:syscalls:sys_enter_read /pid > 1/ { @start[tid] = nsecs; @fd[tid] = args.id; @calls = count(); }
            tracepoint:syscalls:sys_exit_read /@start[tid] && args.ret > 0/
            {
                @us[@fd[tid]] = hist((nsecs - @start[tid]) / 1000);
                delete(@start[tid]); delete(@fd[tid]);
            }
            """;
        ProbeFile file = BpftraceImporter.Parse(Program);

        Assert.Equal([false, true], file.Probes.Select(p => p.On.IsPair));
        ProbeDefinition pair = file.Probes[1];
        Assert.Empty(pair.Key);
        Assert.Equal(["fd", "started"], pair.Let.Select(l => l.Name));
        var histogram = Assert.IsType<HistogramDefinition>(Assert.Single(pair.Emit));
        Assert.Equal("@us", histogram.Name);
        var division = Assert.IsType<BinarySyntax>(histogram.Value!.Root);
        Assert.Equal("duration", Assert.IsType<NameSyntax>(division.Left).Name);

        ProbeBinding bound = ProbeBinder.Bind(pair with { On = KernelPair() }, KernelTypes.Any());
        Assert.Equal(2, bound.Probe!.CaptureTypes.Count + bound.Probe.Hooks[0].Alternatives[0].Programs[0].Conditions.Count);

        static ProbeEvents KernelPair() => ProbeBinderTests.Parse(
            "on: { start: [tracepoint:raw_syscalls:sys_enter], end: [tracepoint:raw_syscalls:sys_exit] }\nemit: [ counter: { name: a } ]").On;
    }

    [Theory]
    [InlineData("kprobe:vfs_read { @b = lhist(arg2, 0, 2000, 200) }", HookKind.Kprobe, ProgramKind.Kprobe)]
    [InlineData("k:vfs_read, k:vfs_write { @[func] = sum(arg2) }", HookKind.Kprobe, ProgramKind.Kprobe)]
    [InlineData("rawtracepoint:sched_switch { @[cpu] = count() }", HookKind.RawTracepoint, ProgramKind.RawTracepoint)]
    [InlineData("kfunc:vmlinux:vfs_read { @ = max(args->count) }", HookKind.Fentry, ProgramKind.Fentry)]
    [InlineData("profile:hz:99 { @[comm] = count() }", HookKind.PerfEvent, ProgramKind.PerfEvent)]
    [InlineData("i:s:1 { @++ }", HookKind.Interval, ProgramKind.PerfEvent)]
    [InlineData("hardware:cache-misses:1000000 { @[comm] = count() }", HookKind.PerfEvent, ProgramKind.PerfEvent)]
    [InlineData("u:libc.so.6:malloc /arg0 > 100/ { @[ustack_is_no_key] = avg(arg0) }", HookKind.Uprobe, ProgramKind.Unspecified)]
    [InlineData("kprobe:tcp_sendmsg { $sk = (struct sock *)arg0; @[ntop($sk->__sk_common.skc_daddr)] = sum(arg2); }", HookKind.Kprobe, ProgramKind.Kprobe)]
    [InlineData("kprobe:vfs_read { if (arg2 > 4096) { @big = count() } else { @small = count() } }", HookKind.Kprobe, ProgramKind.Kprobe)]
    [InlineData("kprobe:vfs_read { printf(\"%-16s %d %x\\n\", comm, pid, arg2); }", HookKind.Kprobe, ProgramKind.Kprobe)]
    [InlineData("BEGIN { printf(\"hi\\n\") } kprobe:vfs_read { @x[comm, pid] = min(arg2) } END { clear(@x) }", HookKind.Kprobe, ProgramKind.Kprobe)]
    public void Programs_bind_and_compile(string program, HookKind hook, ProgramKind kind)
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse(program).Probes);
        Assert.Equal(hook, probe.On.End[0].Hooks[0].Kind);
        if (kind == ProgramKind.Unspecified)
        {
            Assert.Throws<ProbeLanguageException>(() => ProbeBinder.Bind(probe, KernelTypes.Any()));
            return;
        }

        BoundProbe bound = ProbeBinder.Bind(probe, KernelTypes.Any()).Probe!;
        Assert.Equal(kind, bound.Hooks[0].Alternatives[0].Programs[0].Kind);
        Assert.NotEmpty(ProbeCompiler.Compile(bound).Programs);
    }

    [Theory]
    [InlineData("0, 2000, 200", 2000)]
    [InlineData("10, 255, 100", 210)]
    [InlineData("0, 10, 3", 9)]
    public void What_is_above_the_last_whole_step_of_lhist_is_above_all(string range, int highest)
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse($"kprobe:vfs_read {{ @ = lhist(arg2, {range}) }}").Probes);
        var histogram = Assert.IsType<HistogramDefinition>(Assert.Single(probe.Emit));
        Assert.Equal(highest, Assert.IsType<LinearBuckets>(histogram.Buckets).Max.Value);
    }

    [Theory]
    [InlineData("kprobe:f { print(comm) }", 12, "print() takes a whole map, which is shown anyway; printf(\"%d\", x) says one value")]
    [InlineData("kprobe:f { @ = count() } interval:s:1 { clear(@) }", 41, "clear() is not taken: a table shows what was counted since the beginning")]
    [InlineData("kprobe:f { @ = count(); exit() }", 25,
        "exit() is taken alone in an interval, and says how long the program lasts: interval:s:5 { exit(); }; --duration does the same")]
    [InlineData("BEGIN { printf(\"hello\") }", 1,
        "this records nothing: what BEGIN, END and intervals print is no observation; kprobe:vfs_read { @[comm] = count() } is one")]
    [InlineData("kprobe:f { @[(comm, pid)] = count() }", 19, "tuples are not taken; the parts of a key are separated by commas: @[comm, pid]")]
    [InlineData("kprobe:f { @[comm] = conut() }", 22, "there is no function conut; did you mean count?")]
    [InlineData("kprobe:f /pid == $1/ { @ = count() }", 18, "parameters ($1) are not taken: write the value itself")]
    [InlineData("kprobe:f { @[$x] = count() }", 14, "$x has no value here")]
    [InlineData("kprobe:f { if (pid) { $x = 1 } @[$x] = count() }", 34, "$x has a value within an if only; give it one before the if, or in its else as well")]
    [InlineData("kprobe:f { unroll(3) { @ = count() } }", 12, "unroll is not taken: there are no loops")]
    [InlineData("kprobe:f { for ($i : 0..3) { @ = count() } }", 12, "for is not taken: there are no loops")]
    [InlineData("config = { a=b } kprobe:f { @ = count() }", 1, "config is not taken; --duration and --attach are given on the command line")]
    [InlineData("struct a { int b; } kprobe:f { @ = count() }", 1,
        "types are not defined here: those of the kernel are known, and as(struct name, x) takes x as one")]
    [InlineData("kprobe:f { @a = count(); @a = sum(arg0) }", 26, "@a is sum() here and count() before; give one of them another name")]
    [InlineData("kprobe:f { @a = count() } kprobe:g { @a[pid] = count() }", 38, "@a has a key of 1 parts here and of 0 before; each map has one kind of key")]
    [InlineData("kprobe:f { @a = lhist(arg0, 0, 10, 1) } kprobe:g { @a = lhist(arg0, 0, 10, 2) }", 52,
        "@a has other buckets here than before; give one of them another name")]
    [InlineData("kprobe:f { @a = arg0 } kprobe:g { @a = arg0 }", 35,
        "@a is given a value in two places, and which came last is not known; @x = condition ? a : b gives it in one")]
    [InlineData("kprobe:f { @q[arg0] = nsecs } kprobe:g { @q[arg1] = nsecs } kprobe:h /@q[arg0]/ { @ = hist(nsecs - @q[arg0]) }", 42,
        "@q is noted for the end of a pair at 1:12 already, and is noted in one clause only, whose probes are separated by commas")]
    [InlineData("kprobe:f /strncmp(comm, \"a\", 1)/ { @ = count() }", 11, "strncmp is compared with 0: strncmp(x, \"text\", n) == 0")]
    [InlineData("kprobe:f /cgroup == cgroupid(\"/x\")/ { @ = count() }", 30, "a cgroup is a path below /sys/fs/cgroup")]
    [InlineData("tracepoint { @ = count() }", 1, "tracepoint needs its category and name: tracepoint:sched:sched_switch")]
    [InlineData("kprobe:f { @ = sum(@other[tid]) }", 20, "reading a map is not taken, but for what a start noted for its end: @start[tid] = nsecs, then nsecs - @start[tid]")]
    [InlineData("kprobe:f /pid = 1/ { @ = count() }", 15, "= assigns; to compare, write ==")]
    [InlineData("kprobe:f { @ = count() ", 10, "this { is not closed")]
    [InlineData("kprobe:f { @ = hist(arg0, 4) }", 12, "hist takes one argument; the number of bits is not taken")]
    [InlineData("iter:task { @ = count() }", 1, "iterators (iter) are not taken")]
    [InlineData("kprobe:f { while (1) { } }", 12, "while is not taken: there are no loops")]
    [InlineData("kprobe:f", 9, "a { is expected: what to do at the probe, such as { @[comm] = count() }")]
    [InlineData("kprobe:f { printf(\"%d %d\\n\", pid) }", 19, "the format wants more than the 1 values that follow")]
    [InlineData("kprobe:f { @ = lhist(arg0, 0, 5, 10) }", 12, "the step of lhist is larger than what lies between its min and max")]
    [InlineData("kprob:f { @ = count() }", 1, "\"kprob\" is no kind of hook; did you mean kprobe or uprobe?")]
    public void What_is_not_taken_is_named_with_its_place(string program, int column, string message)
    {
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => BpftraceImporter.Parse(program));
        Assert.Equal((message, column), (refused.Diagnostics[0].Message, refused.Diagnostics[0].Location.Column));
    }
}

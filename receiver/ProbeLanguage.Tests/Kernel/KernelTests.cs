using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage.Tests.Generation;
using EbpfReceiver.ProbeLanguage.Tests.Interpretation;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests.Kernel;

/// <summary>Compiled probes in the kernel of this machine: its verifier takes them, and they do what they do in the interpreter.</summary>
public sealed partial class KernelTests
{
    private static readonly Lazy<BtfTypes> Types = new(BtfTypes.LoadKernel);

    [Fact]
    public void The_kernel_computes_what_the_operators_define()
    {
        Require();
        var random = new RandomExpressions(77);
        const int together = 10;
        for (var round = 0; round < 60; round++)
        {
            var expressions = Enumerable.Range(0, together).Select(i => random.Value(1 + i % 4)).ToArray();
            var emitters = expressions.Select(
                static e => TestProbes.Emitter(EmitterKind.Gauge) with { Gauge = GaugeMode.Last, IsSigned = e.Type.IsSigned }).ToArray();
            var program = TestProbes.Program(emissions: [.. expressions.Select(static (e, i) => TestProbes.Emission(i, e))]);
            var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitters));
            using var bpf = BpfObject.Create(compiled.Object, new() { KernelTypes = Types.Value });
            var loaded = bpf.Load(TestProbes.HitProgram);
            for (var run = 0; run < 4; run++)
            {
                var context = random.Context();
                TestRun.Once(loaded, context);
                for (var i = 0; i < together; i++)
                {
                    var value = new byte[16];
                    Assert.True(bpf.Map($"series{i}").TryLookup(new byte[4], value));
                    BigInteger got = expressions[i].Type.IsSigned ? BitConverter.ToInt64(value, 8) : BitConverter.ToUInt64(value, 8);
                    Assert.True(
                        got == ExpressionOracle.Evaluate(expressions[i], context), $"{expressions[i]} on {Convert.ToHexString(context)}: {got}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    public void The_kernel_fills_the_buckets_that_the_interpreter_fills(int scale, bool seconds)
    {
        Require();
        var emitter = TestProbes.Emitter(EmitterKind.Histogram, TestProbes.Attribute("k", ProbeType.U32)) with
        {
            Histogram = new ExponentialShape(scale, seconds),
        };
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, TestProbes.Argument(0), TestProbes.Argument(1, ProbeType.U32)));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter));
        var machine = new BpfMachine(compiled.Object);
        using var bpf = BpfObject.Create(compiled.Object);
        var loaded = bpf.Load(TestProbes.HitProgram);
        var random = new Random(scale);
        for (var i = 0; i < 2000; i++)
        {
            byte[] context = [.. BitConverter.GetBytes((ulong)Math.Pow(2, random.NextDouble() * 50)), .. BitConverter.GetBytes(7L)];
            machine.Run(TestProbes.HitProgram, context);
            TestRun.Once(loaded, context);
        }
        var (key, address) = Assert.Single(machine.Map("series0").Entries);
        Assert.Equal(Merged(bpf.Map("series0"), key, compiled.Series[0].Value), machine.Bytes(address));
    }

    [Fact]
    public void Whole_probes_are_taken_and_count_what_happens()
    {
        Require();
        var attributes = new[] { TestProbes.Attribute("comm", ProbeType.Text(16)), TestProbes.Attribute("pid", ProbeType.U32) };
        TypedExpression[] keys = [TestProbes.Comm, TestProbes.Pid];
        var mine = new BoundCondition(
            TestProbes.Compare(BinaryOperator.Equal, TestProbes.Pid, TestProbes.Number(Environment.ProcessId, ProbeType.U32)), TestProbes.Line);
        var getpgid = new BoundCondition(
            TestProbes.Compare(BinaryOperator.Equal, TestProbes.Argument(1, ProbeType.I64), TestProbes.Number(Getpgid, ProbeType.I64)), TestProbes.Line);
        var start = TestProbes.Program(target: "sys_enter") with { Conditions = [mine, getpgid], Captures = [TestProbes.Argument(1), TestProbes.Comm] };
        var end = TestProbes.Program(
            target: "sys_exit",
            emissions:
            [
                TestProbes.Emission(0, new DurationExpression(), new CapturedValue(1, ProbeType.Text(16)), TestProbes.Pid),
                TestProbes.Emission(1, null, keys),
                TestProbes.Emission(2, new DurationExpression(), keys),
                TestProbes.Emission(3, null, [.. keys, TestProbes.Argument(1, ProbeType.I64)]),
                TestProbes.Emission(4, null, [.. keys, new CapturedValue(0, ProbeType.U64)]),
            ]) with
        { Conditions = [mine] };
        var compiled = ProbeCompiler.Compile(
            TestProbes.Pair(
                start, end, [ProbeType.U64, ProbeType.Text(16)],
                TestProbes.Emitter(EmitterKind.Histogram, attributes) with { Histogram = new ExponentialShape(2, true) },
                TestProbes.Emitter(EmitterKind.Counter, attributes),
                TestProbes.Emitter(EmitterKind.Gauge, attributes) with { Gauge = GaugeMode.Maximum },
                TestProbes.Emitter(EmitterKind.Span, [.. attributes, TestProbes.Attribute("ret", ProbeType.I64)]),
                TestProbes.Emitter(EmitterKind.Log, [.. attributes, TestProbes.Attribute("nr", ProbeType.U64)]) with
                {
                    Rate = new(10, TimeSpan.FromHours(1)),
                }),
            new() { KernelTypes = Types.Value, ProbeId = 5 });
        using var bpf = BpfObject.Create(compiled.Object, new() { KernelTypes = Types.Value });
        Assert.Null(bpf.TypesProblem);
        using (bpf.Load("end__raw_tp").Attach())
        using (bpf.Load("start__raw_tp").Attach())
        {
            for (var i = 0; i < 1000; i++)
                SystemCall(Getpgid, 0);
        }
        var series = compiled.Series.Single(static s => s.Emitter.Kind == EmitterKind.Counter);
        var counted = 0L;
        var snapshot = new MapSnapshot();
        for (var i = 0; i < snapshot.Refresh(bpf.Map(series.MapName)); i++)
            counted += BitConverter.ToInt64(Merged(bpf.Map(series.MapName), snapshot.Key(i), series.Value));
        Assert.Equal(1000, counted);
        Assert.Null(bpf.TypesProblem);
        var losses = new byte[bpf.Map(compiled.LossMap).EntryBytes];
        Assert.True(bpf.Map(compiled.LossMap).TryLookup(new byte[4], losses));
        Assert.Equal(990, Sum(losses, bpf.Map(compiled.LossMap), compiled.Losses.Single(static l => l.Cause == LossCause.RateLimited).Offset));
    }

    [Fact]
    public void Typed_arguments_are_followed_by_loads()
    {
        Require();
        var types = Types.Value;
        // tp_btf:sched_switch(bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int prev_state)
        var previous = new ContextRead(8, 8, ProbeType.U64, IsTypedPointer: true);
        var leader = new MemoryRead(previous, Offset(types, "group_leader"), MemoryAccess.Direct, ProbeType.U64, IsTypedPointer: true);
        var pid = new MemoryRead(leader, Offset(types, "pid"), MemoryAccess.Direct, ProbeType.I32);
        var slow = new MemoryRead(new MemoryRead(previous, Offset(types, "group_leader"), MemoryAccess.Kernel, ProbeType.U64),
            Offset(types, "pid"), MemoryAccess.Kernel, ProbeType.I32);
        var attributes = new[] { TestProbes.Attribute("pid", ProbeType.I32), TestProbes.Attribute("task", ProbeType.U64), TestProbes.Attribute("mixed", ProbeType.U64) };
        var mixed = new BinaryExpression(BinaryOperator.And, previous, TestProbes.Number(0xfff), ProbeType.U64);
        var program = TestProbes.Program(ProgramKind.TpBtf, "sched_switch", TestProbes.Emission(0, null, pid, previous, mixed)) with
        {
            Conditions = [new(TestProbes.Compare(BinaryOperator.Equal, pid, slow), TestProbes.Line)],
        };
        var different = TestProbes.Program(ProgramKind.TpBtf, "sched_switch", TestProbes.Emission(1, null)) with
        {
            Part = "other",
            Conditions = [new(TestProbes.Compare(BinaryOperator.NotEqual, pid, slow), TestProbes.Line)],
        };
        var probe = TestProbes.Single(program, TestProbes.Emitter(EmitterKind.Counter, attributes), TestProbes.Emitter(EmitterKind.Counter)) with
        {
            Hooks = [new("hit", HookRole.Single, [new("tp_btf", [program with { Part = "same" }, different])])],
        };
        var compiled = ProbeCompiler.Compile(probe);
        using var bpf = BpfObject.Create(compiled.Object, new() { KernelTypes = types });
        using (bpf.Load("hit__tp_btf__same").Attach())
        using (bpf.Load("hit__tp_btf__other").Attach())
        {
            var watch = Stopwatch.StartNew();
            while (watch.ElapsedMilliseconds < 200)
                Thread.Sleep(1);
        }
        var snapshot = new MapSnapshot();
        var pids = new List<int>();
        for (var i = 0; i < snapshot.Refresh(bpf.Map("series0")); i++)
            pids.Add(BitConverter.ToInt32(snapshot.Key(i)));
        Assert.Contains(Environment.ProcessId, pids);
        Assert.Equal(0, BitConverter.ToInt64(Merged(bpf.Map("series1"), new byte[4], compiled.Series[1].Value)));
    }

    [Fact]
    public void The_kernel_shows_the_lines_of_the_probe_file()
    {
        Require();
        var compiled = ProbeCompiler.Compile(TestProbes.Single(
            TestProbes.Program(emissions: TestProbes.Emission(0, null)), TestProbes.Emitter(EmitterKind.Counter)));
        using var bpf = BpfObject.Create(compiled.Object);
        var program = bpf.Load(TestProbes.HitProgram);
        var shown = Run("bpftool", $"prog dump xlated id {program.Id} linum");
        Assert.Contains("; where: test", shown.Replace(";     ", "; ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("test.yaml", shown, StringComparison.Ordinal);
        Assert.Contains("line_num:7", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_names_the_line_of_the_probe_file()
    {
        Require();
        // An offset that no context has: the verifier refuses it, and the message leads back to the YAML.
        var outside = new BoundCondition(
            TestProbes.Compare(BinaryOperator.Equal, new ContextRead(4096, 8, ProbeType.U64), TestProbes.Number(1)),
            new SourceText(new SourceLocation("probes/odd.yaml", 12, 5), "    where: args.nothing == 1"));
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, null)) with { Conditions = [outside] };
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, TestProbes.Emitter(EmitterKind.Counter)));
        using var bpf = BpfObject.Create(compiled.Object);
        var refused = Assert.Throws<BpfLoadException>(() => bpf.Load(TestProbes.HitProgram));
        Assert.EndsWith("odd.yaml:12: where: args.nothing == 1)", refused.Message, StringComparison.Ordinal);
    }

    private const int Getpgid = 121;

    private static void Require() => Assert.SkipUnless(CapabilitySet.OfThisProcess().CanTrace, "Needs CAP_BPF and CAP_PERFMON, or root.");

    private static int Offset(BtfTypes types, string field)
    {
        Assert.True(types.TryFind("task_struct", BtfKind.Struct, out var id));
        var task = types[id];
        return (int)Enumerable.Range(0, task.Count).Select(i => task.Member(i)).Single(m => m.Name == field).BitOffset / 8;
    }

    /// <summary>Sums over CPUs, least and greatest.</summary>
    private static byte[] Merged(BpfMap map, ReadOnlySpan<byte> key, ValueLayout layout)
    {
        var all = new byte[map.EntryBytes];
        Assert.True(map.TryLookup(key, all));
        var merged = new byte[map.ValueSize];
        var any = false;
        for (var cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
        {
            var value = all.AsSpan(cpu * map.ValueStride, map.ValueSize);
            if (!value.ContainsAnyExcept((byte)0))
                continue;
            var words = layout.Buckets?.Offset ?? layout.Size;
            for (var at = 0; at < words; at += 8)
            {
                var (a, b) = (BitConverter.ToUInt64(merged, at), BitConverter.ToUInt64(value[at..]));
                var next = at == layout.MinimumOffset ? any ? Math.Min(a, b) : b : at == layout.MaximumOffset ? Math.Max(a, b) : a + b;
                BitConverter.GetBytes(next).CopyTo(merged, at);
            }
            for (var at = words; layout.Buckets is not null && at < layout.Size; at += 4)
                BitConverter.GetBytes(BitConverter.ToUInt32(merged, at) + BitConverter.ToUInt32(value[at..])).CopyTo(merged, at);
            any = true;
        }
        return merged;
    }

    private static long Sum(byte[] value, BpfMap map, int offset) =>
        Enumerable.Range(0, BpfMap.PossibleCpus).Sum(cpu => BitConverter.ToInt64(value, cpu * map.ValueStride + offset));

    private static string Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long argument);
}

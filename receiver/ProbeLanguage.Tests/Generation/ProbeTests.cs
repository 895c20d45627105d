using System.Text;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage.Tests.Interpretation;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests.Generation;

/// <summary>What whole probes leave in maps and samples.</summary>
public sealed class ProbeTests
{
    [Fact]
    public void Series_are_told_apart_by_their_attributes()
    {
        var emitter = TestProbes.Emitter(
            EmitterKind.Sum, TestProbes.Attribute("process.pid", ProbeType.U32), TestProbes.Attribute("comm", ProbeType.Text(16)));
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, TestProbes.Argument(0), TestProbes.Pid, TestProbes.Comm));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter));
        var machine = new BpfMachine(compiled.Object);
        machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(5L));
        machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(7L));
        machine.ThreadName = "redis-server";
        machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(11L));

        var layout = compiled.Series[0];
        Assert.Equal(BpfMapType.PerCpuHash, layout.MapType);
        var seen = machine.Map(layout.MapName).Entries.ToDictionary(
            e => (BitConverter.ToInt32(e.Key, layout.Fields[0].Offset), Text(e.Key, layout.Fields[1])),
            e => BitConverter.ToInt64(machine.Bytes(e.Address), layout.Value.SumOffset));
        Assert.Equal(new() { [(4321, "nginx")] = 12, [(4321, "redis-server")] = 11 }, seen);
    }

    [Fact]
    public void A_full_map_counts_in_the_overflow_series()
    {
        var emitter = TestProbes.Emitter(EmitterKind.Counter, TestProbes.Attribute("key", ProbeType.U64)) with { SeriesLimit = 3 };
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, null, TestProbes.Argument(0)));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter));
        var machine = new BpfMachine(compiled.Object);
        for (var i = 0L; i < 10; i++)
            machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(i));
        Assert.Equal(3, machine.Map("series0").Count);
        Assert.Equal(7, Only(machine, compiled.Series[0].OverflowMapName, 0));
        Assert.Equal(7, Loss(machine, compiled, LossCause.SeriesOverflow, 0));
    }

    [Fact]
    public void A_pair_measures_from_start_to_end_and_counts_what_does_not_match()
    {
        var emitter = TestProbes.Emitter(EmitterKind.Histogram, TestProbes.Attribute("size", ProbeType.U32)) with
        {
            Histogram = new ExponentialShape(0, true),
        };
        var start = TestProbes.Program() with { Key = [TestProbes.Argument(0)], Captures = [TestProbes.Argument(1, ProbeType.U32)] };
        var end = TestProbes.Program(
            target: "sys_exit", emissions: TestProbes.Emission(0, new DurationExpression(), new CapturedValue(0, ProbeType.U32))) with
        {
            Key = [TestProbes.Argument(0)],
            Conditions = [new(TestProbes.Compare(BinaryOperator.NotEqual, TestProbes.Argument(1), TestProbes.Number(99)), TestProbes.Line)],
        };
        var compiled = ProbeCompiler.Compile(TestProbes.Pair(start, end, [ProbeType.U32], emitter));
        var machine = new BpfMachine(compiled.Object);
        Hit("start", 1, 4096);
        machine.Time += 5000;
        Hit("start", 2, 512);
        machine.Time += 5000;
        Hit("end", 1, 0);
        Hit("end", 3, 0);
        Hit("start", 2, 512);
        machine.Time += 1000;
        Hit("end", 2, 0);
        Hit("start", 4, 1);
        Hit("end", 4, 99);

        var sums = machine.Map("series0").Entries.ToDictionary(
            static e => BitConverter.ToUInt32(e.Key), e => BitConverter.ToInt64(machine.Bytes(e.Address), compiled.Series[0].Value.SumOffset));
        Assert.Equal(new() { [4096] = 10000, [512] = 1000 }, sums);
        Assert.Equal(0, machine.Map(compiled.Starts!.MapName).Count);
        Assert.Equal(1, Loss(machine, compiled, LossCause.UnmatchedEnd, -1));
        Assert.Equal(1, Loss(machine, compiled, LossCause.UnmatchedStart, -1));

        void Hit(string hook, long key, long value) =>
            machine.Run($"{hook}__raw_tp", [.. BitConverter.GetBytes(key), .. BitConverter.GetBytes(value)]);
    }

    [Fact]
    public void Ends_of_threads_that_are_filtered_out_are_not_unmatched()
    {
        var mine = new BoundCondition(
            TestProbes.Compare(BinaryOperator.Equal, TestProbes.Pid, TestProbes.Number(4321, ProbeType.U32)), TestProbes.Line);
        var compiled = ProbeCompiler.Compile(TestProbes.Pair(
            TestProbes.Program() with { Conditions = [mine] },
            TestProbes.Program(emissions: TestProbes.Emission(0, new DurationExpression())), [], TestProbes.Emitter(EmitterKind.Sum)));
        var machine = new BpfMachine(compiled.Object) { ProcessAndThread = (5UL << 32) | 5 };
        machine.Run("start__raw_tp", []);
        machine.Run("end__raw_tp", []);
        Assert.Equal(0, Loss(machine, compiled, LossCause.UnmatchedEnd, -1));
        machine.ProcessAndThread = (4321UL << 32) | 4400;
        machine.Run("end__raw_tp", []);
        Assert.Equal(1, Loss(machine, compiled, LossCause.UnmatchedEnd, -1));
        machine.Run("start__raw_tp", []);
        machine.Time += 30;
        machine.Run("end__raw_tp", []);
        Assert.Equal(30, Only(machine, "series0", 0));
    }

    [Fact]
    public void Ends_of_processes_outside_the_scope_are_not_unmatched()
    {
        var user = new BoundCondition(
            TestProbes.Compare(BinaryOperator.Equal, new BuiltinExpression(Builtin.UserId, ProbeType.U32), TestProbes.Number(1000, ProbeType.U32)),
            TestProbes.Line);
        var compiled = ProbeCompiler.Compile(TestProbes.Pair(
            TestProbes.Program() with { Conditions = [user] },
            TestProbes.Program(emissions: TestProbes.Emission(0, new DurationExpression())), [], TestProbes.Emitter(EmitterKind.Sum)));
        var machine = new BpfMachine(compiled.Object) { UserAndGroup = 0 };
        machine.Run("start__raw_tp", []);
        machine.Run("end__raw_tp", []);
        Assert.Equal(0, Loss(machine, compiled, LossCause.UnmatchedEnd, -1));
        machine.UserAndGroup = 1000;
        machine.Run("end__raw_tp", []);
        Assert.Equal(1, Loss(machine, compiled, LossCause.UnmatchedEnd, -1));
    }

    [Fact]
    public void Ends_of_starts_that_an_argument_filters_are_not_counted_as_unmatched()
    {
        var large = new BoundCondition(TestProbes.Compare(BinaryOperator.NotEqual, TestProbes.Argument(0), TestProbes.Number(7)), TestProbes.Line);
        var compiled = ProbeCompiler.Compile(TestProbes.Pair(
            TestProbes.Program() with { Conditions = [large] },
            TestProbes.Program(emissions: TestProbes.Emission(0, new DurationExpression())), [], TestProbes.Emitter(EmitterKind.Sum)));
        var machine = new BpfMachine(compiled.Object);
        machine.Run("start__raw_tp", BitConverter.GetBytes(7L));
        machine.Run("end__raw_tp", []);
        Assert.Equal(0, Loss(machine, compiled, LossCause.UnmatchedEnd, -1));
    }

    [Fact]
    public void Starts_that_have_no_room_are_counted()
    {
        var end = TestProbes.Program(emissions: TestProbes.Emission(0, new DurationExpression())) with { Key = [TestProbes.Argument(0)] };
        var probe = TestProbes.Pair(
            TestProbes.Program() with { Key = [TestProbes.Argument(0)] }, end, [], TestProbes.Emitter(EmitterKind.Sum)) with
        {
            InFlightLimit = 4,
        };
        var compiled = ProbeCompiler.Compile(probe);
        var machine = new BpfMachine(compiled.Object);
        for (var i = 0L; i < 9; i++)
            machine.Run("start__raw_tp", BitConverter.GetBytes(i));
        Assert.Equal(5, Loss(machine, compiled, LossCause.StartsFull, -1));
    }

    [Fact]
    public void A_log_carries_who_did_it_and_its_fields()
    {
        var emitter = TestProbes.Emitter(
            EmitterKind.Log, TestProbes.Attribute("a", ProbeType.U16), TestProbes.Attribute("path", ProbeType.Text(24)),
            TestProbes.Attribute("b", ProbeType.I32));
        var path = new MemoryRead(TestProbes.Argument(0), 4, MemoryAccess.User, ProbeType.Text(24));
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, null, TestProbes.Argument(1, ProbeType.U16), path, TestProbes.Argument(2, ProbeType.I32)));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter), new() { ProbeId = 31 });
        var machine = new BpfMachine(compiled.Object);
        var text = machine.Allocate([0, 0, 0, 0, .. "/etc/passwd\0rest"u8]);
        machine.Run(TestProbes.HitProgram, [.. BitConverter.GetBytes(text), .. BitConverter.GetBytes(0xabcdefL), .. BitConverter.GetBytes(-5L)]);

        var sample = Assert.Single(machine.Samples);
        var layout = compiled.Events[0];
        Assert.Equal(layout.Size, sample.Length);
        Assert.Equal(7, BitConverter.ToUInt16(sample, 0));
        Assert.Equal(1001u, BitConverter.ToUInt32(sample, 4));
        Assert.Equal(machine.Time, BitConverter.ToUInt64(sample, 8));
        Assert.Equal((4321u, 4322u), (BitConverter.ToUInt32(sample, 16), BitConverter.ToUInt32(sample, 20)));
        Assert.Equal(77u, BitConverter.ToUInt64(sample, 32));
        Assert.Equal("nginx", Encoding.UTF8.GetString(sample, 40, 16).TrimEnd('\0'));
        Assert.Equal(31u, BitConverter.ToUInt32(sample, EventLayout.ProbeIdOffset));
        Assert.Equal(0xcdef, BitConverter.ToUInt16(sample, layout.Fields[0].Offset));
        Assert.Equal("/etc/passwd", Text(sample, layout.Fields[1]));
        Assert.Equal(-5, BitConverter.ToInt32(sample, layout.Fields[2].Offset));
        Assert.Equal(1, BitConverter.ToInt64(machine.Bytes(machine.Map("sample_counters").Lookup(BitConverter.GetBytes(7))), 0));

        machine.OutputResult = -28;
        machine.Run(TestProbes.HitProgram, new byte[24]);
        Assert.Equal(1, Loss(machine, compiled, LossCause.SampleFailed, 0));
        Assert.Equal(1, BitConverter.ToInt64(machine.Bytes(machine.Map("sample_counters").Lookup(BitConverter.GetBytes(7))), 8));
    }

    [Fact]
    public void A_rate_lets_a_burst_pass_and_then_one_at_a_time()
    {
        var emitter = TestProbes.Emitter(EmitterKind.Log) with { Rate = new(5, TimeSpan.FromSeconds(1)) };
        var compiled = ProbeCompiler.Compile(TestProbes.Single(TestProbes.Program(emissions: TestProbes.Emission(0, null)), emitter));
        var machine = new BpfMachine(compiled.Object) { Time = 5_000_000_000 };
        for (var i = 0; i < 20; i++)
            machine.Run(TestProbes.HitProgram, []);
        Assert.Equal(5, machine.Samples.Count);
        machine.Time += 200_000_000;
        for (var i = 0; i < 20; i++)
            machine.Run(TestProbes.HitProgram, []);
        Assert.Equal(6, machine.Samples.Count);
        Assert.Equal(34, Loss(machine, compiled, LossCause.RateLimited, 0));
        machine.Time += 10_000_000_000;
        for (var i = 0; i < 20; i++)
            machine.Run(TestProbes.HitProgram, []);
        Assert.Equal(11, machine.Samples.Count);
    }

    [Fact]
    public void A_throttled_probe_counts_a_hit_for_all_that_it_stands_for()
    {
        var compiled = ProbeCompiler.Compile(TestProbes.Single(
            TestProbes.Program(emissions: [TestProbes.Emission(0, null), TestProbes.Emission(1, TestProbes.Argument(0))]),
            TestProbes.Emitter(EmitterKind.Counter), TestProbes.Emitter(EmitterKind.Sum)));
        var machine = new BpfMachine(compiled.Object);
        machine.Bytes(machine.Map(compiled.ThrottleMap).Lookup(new byte[4]))[0] = 3;
        for (var i = 0u; i < 16; i++)
        {
            machine.Random = i;
            machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(10L));
        }
        Assert.Equal(16, Only(machine, "series0", 0));
        Assert.Equal(160, Only(machine, "series1", 0));
    }

    [Theory]
    [InlineData(TextTest.StartsWith, "ngi", true)]
    [InlineData(TextTest.StartsWith, "nginx-worker", true)]
    [InlineData(TextTest.StartsWith, "nginx-worker-", false)]
    [InlineData(TextTest.StartsWith, "gin", false)]
    [InlineData(TextTest.EndsWith, "worker", true)]
    [InlineData(TextTest.EndsWith, "nginx-worker", true)]
    [InlineData(TextTest.EndsWith, "x-worker", true)]
    [InlineData(TextTest.EndsWith, "nginx", false)]
    [InlineData(TextTest.EndsWith, "", true)]
    [InlineData(TextTest.Contains, "x-w", true)]
    [InlineData(TextTest.Contains, "nginx-wor", true)]
    [InlineData(TextTest.Contains, "ginx-worke", true)]
    [InlineData(TextTest.Contains, "worker ", false)]
    [InlineData(TextTest.Contains, "xw", false)]
    public void Texts_are_searched(TextTest test, string literal, bool expected)
    {
        var condition = new TextTestExpression(test, TestProbes.Comm, literal);
        Assert.Equal(expected, Counts(condition, static m => m.ThreadName = "nginx-worker"));
        Assert.Equal(!expected, Counts(
            new UnaryExpression(UnaryOperator.Not, condition, ProbeType.Boolean), static m => m.ThreadName = "nginx-worker"));
    }

    [Theory]
    [InlineData("nginx", "nginx", true)]
    [InlineData("nginx-worker-01", "nginx-worker-01", true)]
    [InlineData("nginx", "nginy", false)]
    [InlineData("nginx1", "nginx", false)]
    [InlineData("", "", true)]
    [InlineData("a", "", false)]
    public void Texts_are_compared_up_to_their_end(string name, string literal, bool expected)
    {
        var text = new TextConstant(literal, ProbeType.Text(16));
        Assert.Equal(expected, Counts(TestProbes.Compare(BinaryOperator.Equal, TestProbes.Comm, text), m => m.ThreadName = name));
        Assert.Equal(!expected, Counts(TestProbes.Compare(BinaryOperator.NotEqual, TestProbes.Comm, text), m => m.ThreadName = name));
        Assert.Equal(expected, Counts(
            new InListExpression(TestProbes.Comm, [new TextConstant("other", ProbeType.Text(16)), text]), m => m.ThreadName = name));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0", 8, true)]
    [InlineData("11.1.2.3", "10.0.0.0", 8, false)]
    [InlineData("192.168.1.77", "192.168.1.77", 32, true)]
    [InlineData("192.168.1.78", "192.168.1.77", 32, false)]
    [InlineData("1.2.3.4", "0.0.0.0", 0, true)]
    public void Addresses_are_in_their_prefixes(string address, string network, int length, bool expected)
    {
        var bytes = System.Net.IPAddress.Parse(network).GetAddressBytes();
        var prefix = new IpPrefix(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes), length);
        var condition = new InPrefixExpression(new ContextRead(0, 8, ProbeType.Ip4), [new IpPrefix(0xac100000, 12), prefix]);
        Assert.Equal(expected, Counts(condition, static _ => { }, [.. System.Net.IPAddress.Parse(address).GetAddressBytes(), 0, 0, 0, 0]));
    }

    [Fact]
    public void Fields_of_one_object_are_read_by_one_call()
    {
        var node = TestProbes.Argument(0);
        MemoryRead Field(int offset, ProbeType type) => new(node, offset, MemoryAccess.Kernel, type);
        var emitter = TestProbes.Emitter(
            EmitterKind.Counter, TestProbes.Attribute("a", ProbeType.U32), TestProbes.Attribute("b", ProbeType.U16), TestProbes.Attribute("c", ProbeType.U64));
        var program = TestProbes.Program(
            emissions: TestProbes.Emission(0, null, Field(12, ProbeType.U32), Field(18, ProbeType.U16), Field(40, ProbeType.U64)));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter));
        Assert.Single(compiled.Programs[0].Listing, static l => l.Contains("call ReadKernel", StringComparison.Ordinal));
        var machine = new BpfMachine(compiled.Object);
        var bytes = Enumerable.Range(0, 64).Select(static i => (byte)i).ToArray();
        machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(machine.Allocate(bytes)));
        var (key, _) = Assert.Single(machine.Map("series0").Entries);
        Assert.Equal(bytes[12..16], key[0..4]);
        Assert.Equal(bytes[18..20], key[4..6]);
        Assert.Equal(bytes[40..48], key[8..16]);
    }

    [Fact]
    public void What_does_not_fit_the_stack_goes_to_scratch_memory()
    {
        var texts = Enumerable.Range(0, 5).Select(static i => TestProbes.Attribute($"t{i}", ProbeType.Text(200))).ToArray();
        var values = Enumerable.Range(0, 5).Select(static i => new MemoryRead(TestProbes.Argument(0), i, MemoryAccess.User, ProbeType.Text(200)));
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, null, [.. values]));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, TestProbes.Emitter(EmitterKind.Log, texts)));
        var machine = new BpfMachine(compiled.Object);
        var context = BitConverter.GetBytes(machine.Allocate([.. "hello\0"u8]));
        machine.Run(TestProbes.HitProgram, context);
        var sample = Assert.Single(machine.Samples);
        Assert.Equal(["hello", "ello", "llo", "lo", "o"], compiled.Events[0].Fields.Select(f => Text(sample, f)));

        // As if a program that was interrupted had it.
        machine.Bytes(machine.Map("scratch").Lookup(new byte[4]))[0] = 1;
        machine.Run(TestProbes.HitProgram, context);
        Assert.Single(machine.Samples);
        Assert.Equal(1, Loss(machine, compiled, LossCause.ScratchBusy, -1));
        Assert.Equal(1, machine.Bytes(machine.Map("scratch").Lookup(new byte[4]))[0]);
    }

    [Fact]
    public void Cheap_conditions_come_first()
    {
        var costly = TestProbes.Compare(
            BinaryOperator.Equal, new MemoryRead(TestProbes.Argument(0), 0, MemoryAccess.Kernel, ProbeType.U64), TestProbes.Number(1));
        var cheap = TestProbes.Compare(BinaryOperator.Equal, TestProbes.Argument(1), TestProbes.Number(1));
        var both = new BinaryExpression(BinaryOperator.LogicalAnd, costly, cheap, ProbeType.Boolean);
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, null)) with { Conditions = [new(both, TestProbes.Line)] };
        var listing = ProbeCompiler.Compile(TestProbes.Single(program, TestProbes.Emitter(EmitterKind.Counter))).Programs[0].Listing.ToList();
        Assert.InRange(listing.FindIndex(static l => l.Contains("!= 0x1 goto", StringComparison.Ordinal)), 0, listing.FindIndex(static l => l.Contains("ReadKernel", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_gauge_keeps_the_least_and_the_greatest()
    {
        BoundEmitter Gauge(GaugeMode mode) => TestProbes.Emitter(EmitterKind.Gauge) with { Gauge = mode, IsSigned = true };
        var value = TestProbes.Argument(0, ProbeType.I64);
        var compiled = ProbeCompiler.Compile(TestProbes.Single(
            TestProbes.Program(emissions: [TestProbes.Emission(0, value), TestProbes.Emission(1, value), TestProbes.Emission(2, value)]),
            Gauge(GaugeMode.Minimum), Gauge(GaugeMode.Maximum), Gauge(GaugeMode.Last)));
        var machine = new BpfMachine(compiled.Object);
        foreach (var next in (long[])[-3, 8, -20, 5])
            machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(next));
        Assert.Equal(
            [-20L, 8L, 5L], Enumerable.Range(0, 3).Select(i => Only(machine, $"series{i}", 8)));
    }

    [Fact]
    public void A_value_below_zero_is_not_added_to_what_never_falls_and_is_counted()
    {
        var emitter = TestProbes.Emitter(EmitterKind.Sum, TestProbes.Attribute("process.pid", ProbeType.U32)) with { IsSigned = true, IsMonotonic = true };
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, TestProbes.Argument(0, ProbeType.I64), TestProbes.Pid));
        var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter));
        var machine = new BpfMachine(compiled.Object);
        machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(-11L));
        Assert.Equal(0, machine.Map("series0").Count);
        foreach (var value in (long[])[5, -1, 0, long.MinValue, 7])
            machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(value));
        var (_, address) = Assert.Single(machine.Map("series0").Entries);
        Assert.Equal(12, BitConverter.ToInt64(machine.Bytes(address), compiled.Series[0].Value.SumOffset));
        Assert.Equal(3, Loss(machine, compiled, LossCause.NegativeValue, 0));

        // updown takes them.
        compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter with { Kind = EmitterKind.UpDown, IsMonotonic = false }));
        machine = new BpfMachine(compiled.Object);
        foreach (var value in (long[])[5, -11])
            machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(value));
        (_, address) = Assert.Single(machine.Map("series0").Entries);
        Assert.Equal(-6, BitConverter.ToInt64(machine.Bytes(address), compiled.Series[0].Value.SumOffset));
        Assert.DoesNotContain(compiled.Losses, l => l.Cause == LossCause.NegativeValue);
    }

    [Theory]
    [InlineData(BinaryOperator.Greater, 0, false)]
    [InlineData(BinaryOperator.Greater, -1, false)]
    [InlineData(BinaryOperator.GreaterOrEqual, 0, false)]
    [InlineData(BinaryOperator.Equal, 4, false)]
    [InlineData(BinaryOperator.Greater, -2, true)]
    [InlineData(BinaryOperator.GreaterOrEqual, -1, true)]
    [InlineData(BinaryOperator.NotEqual, 0, true)]
    [InlineData(BinaryOperator.Less, 0, true)]
    public void What_a_condition_keeps_above_zero_is_not_asked_for_its_sign(BinaryOperator test, long bound, bool asked)
    {
        var value = TestProbes.Argument(0, ProbeType.I64);
        var emitter = TestProbes.Emitter(EmitterKind.Sum) with { IsSigned = true, IsMonotonic = true };
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, value)) with
        {
            Conditions = [new(TestProbes.Compare(test, value, TestProbes.Number(bound, ProbeType.I64)), TestProbes.Line)],
        };
        Assert.Equal(asked, ProbeCompiler.Compile(TestProbes.Single(program, emitter)).Losses.Any(l => l.Cause == LossCause.NegativeValue));
    }

    private static bool Counts(TypedExpression condition, Action<BpfMachine> prepare, byte[]? context = null)
    {
        var program = TestProbes.Program(emissions: TestProbes.Emission(0, null)) with { Conditions = [new(condition, TestProbes.Line)] };
        var machine = new BpfMachine(ProbeCompiler.Compile(TestProbes.Single(program, TestProbes.Emitter(EmitterKind.Counter))).Object);
        prepare(machine);
        machine.Run(TestProbes.HitProgram, context ?? new byte[8]);
        return Only(machine, "series0", 0) == 1;
    }

    private static long Only(BpfMachine machine, string map, int offset) =>
        BitConverter.ToInt64(machine.Bytes(machine.Map(map).Lookup(new byte[4])), offset);

    private static long Loss(BpfMachine machine, CompiledProbe compiled, LossCause cause, int emitter) =>
        Only(machine, compiled.LossMap, compiled.Losses.Single(l => l.Cause == cause && l.Emitter == emitter).Offset);

    private static string Text(byte[] bytes, KeyField field) => Encoding.UTF8.GetString(bytes, field.Offset, field.Size).Split('\0')[0];
}

using EbpfReceiver.Bpf;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class ProbeBinderTests
{
    public static TheoryData<string> Kernels => KernelTypes.Names;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_pair_of_tracepoints_captures_at_its_start_what_its_end_wants(string kernel)
    {
        ProbeBinding binding = Bind(kernel, """
            on:
              start: [tp_btf:block_rq_issue]
              end: [tp_btf:block_rq_complete]
            key: args.rq
            where: end.args.error == 0 && start.args.rq.__data_len > 0
            let: { lat: duration }
            emit:
              - histogram:
                  name: latency
                  unit: s
                  value: lat
                  attributes:
                    flags: start.args.rq.cmd_flags & 1
              - span: { name: "block {flags}", when: lat > 20ms }
            """);

        BoundProbe probe = Assert.IsType<BoundProbe>(binding.Probe);
        Assert.Empty(binding.Refused);
        Assert.Equal([HookRole.Start, HookRole.End], probe.Hooks.Select(h => h.Role));
        BoundProgram start = Assert.Single(Assert.Single(probe.Hooks[0].Alternatives).Programs);
        BoundProgram end = Assert.Single(Assert.Single(probe.Hooks[1].Alternatives).Programs);
        Assert.Equal((ProgramKind.TpBtf, "block_rq_issue"), (start.Kind, start.Target));

        Assert.Equal(new ContextRead(0, 8, ProbeType.U64, true), Assert.Single(start.Key));
        Assert.Equal(new ContextRead(0, 8, ProbeType.U64, true), Assert.Single(end.Key));

        // One condition is of the start, the other of the end.
        Assert.Single(start.Conditions);
        Assert.Equal("end.args.error == 0", Assert.Single(end.Conditions).Source.Text);
        var flags = Assert.IsType<MemoryRead>(Assert.Single(start.Captures));
        Assert.Equal((MemoryAccess.Direct, ProbeType.U32), (flags.Access, flags.Type));
        Assert.Equal([ProbeType.U32], probe.CaptureTypes);

        Assert.Equal(new LetExpression("lat", new DurationExpression()), end.Emissions[0].Value);
        BoundEmitter histogram = probe.Emitters[0];
        Assert.Equal(new ExponentialShape(2, true), histogram.Histogram);
        Assert.Equal(1e-9, histogram.ValueScale);
        Assert.Equal(["block ", ""], probe.Emitters[1].Template.Select(t => t.Literal));
        Assert.Equal(0, probe.Emitters[1].Template[1].Attribute);
        Assert.False(Assert.Single(probe.Emitters[1].Attributes).IsReported);
        Assert.NotNull(ProbeCompiler.Compile(probe));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_function_has_its_arguments_by_name_and_its_result(string kernel)
    {
        BoundProbe probe = Bind(kernel, """
            on: { start: [kprobe:vfs_read], end: [kretprobe] }
            where: retval > 0 && comm == "nginx"
            emit:
              - sum: { name: bytes, unit: By, value: retval, attributes: [{ size: args.count }, pid] }
            """).Probe!;

        BoundProgram start = probe.Hooks[0].Alternatives[0].Programs[0], end = probe.Hooks[1].Alternatives[0].Programs[0];
        Assert.Equal((ProgramKind.Kretprobe, "vfs_read"), (end.Kind, end.Target));
        Assert.Equal(new ContextRead(96, 8, ProbeType.U64), Assert.Single(start.Captures));
        Assert.Equal(new ContextRead(80, 8, ProbeType.I64), end.Emissions[0].Value);
        Assert.Equal(2, end.Conditions.Count);
        Assert.True(probe.Emitters[0].IsSigned);
    }

    [Fact]
    public void An_alternative_that_the_kernel_lacks_is_passed_over_with_the_reason()
    {
        ProbeBinding binding = Bind("6.12", """
            on: [tp_btf:sched_swich, kprobe:no_such_function_at_all, tp_btf:sched_switch]
            emit: [ counter: { name: switches, attributes: { next: args.next.comm } } ]
            """);

        Assert.Equal(["tp_btf"], binding.Probe!.Hooks[0].Alternatives.Select(a => a.Name));
        Assert.Equal(
            [
                "Linux 6.12 has no tracepoint sched_swich; did you mean sched_switch?",
                "Linux 6.12 has no function no_such_function_at_all (it may be inlined or renamed)",
            ],
            binding.Refused.Select(r => r.Reason.Message));
        var comm = Assert.IsType<MemoryRead>(Assert.Single(binding.Probe.Hooks[0].Alternatives[0].Programs[0].Emissions[0].Attributes));
        Assert.Equal((MemoryAccess.Kernel, ProbeType.Text(16)), (comm.Access, comm.Type));
    }

    internal static ProbeBinding Bind(string kernel, string body) => ProbeBinder.Bind(Parse(body), KernelTypes.Of(kernel));

    internal static ProbeDefinition Parse(string body)
    {
        string indented = string.Join('\n', body.Split('\n').Select(l => "    " + l));
        return Assert.Single(ProbeFile.Parse($"version: 1\nprobes:\n  - name: test\n{indented}\n", "test.yaml").Probes);
    }

    [Theory]
    [InlineData("key: [args.rq]")]
    [InlineData("key: [start.args.rq]")]
    [InlineData("let: { k: args.rq }\nkey: [k]")]
    [InlineData("key: { start: pid, end: duration }")]
    public void A_key_that_the_end_does_not_know_is_refused(string key)
    {
        ProbeDefinition definition = Parse($"on: {{ start: [tp_btf:block_rq_issue], end: [tp_btf:sched_switch] }}\n{key}\nemit: [ counter: {{ name: a }} ]");
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => ProbeBinder.Bind(definition, KernelTypes.Any()));
        Assert.Contains(
            "tp_btf:sched_switch does not know this, and a key is asked of the start and of the end; key: { start: ..., end: ... } says what each of them calls it",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lets_that_each_use_the_one_before_twice_take_no_time()
    {
        string lets = string.Join(", ", Enumerable.Range(1, 60).Select(i => $"v{i}: v{i - 1} + v{i - 1}"));
        ProbeDefinition definition = Parse(
            $"on: {{ start: [kprobe:vfs_read], end: [kretprobe] }}\nlet: {{ v0: start.args.count, {lets} }}\nemit: [ sum: {{ name: a, value: v60 }} ]");
        Assert.NotNull(ProbeBinder.Bind(definition, KernelTypes.Any()).Probe);
    }

    [Fact]
    public void A_field_of_a_record_that_is_not_aligned_is_read_as_memory()
    {
        // tcp_retransmit_skb has its addresses behind two ports and a family, at 34.
        var unaligned = Assert.IsType<MemoryRead>(RecordTypes.Read(34, ProbeType.Ip4));
        Assert.Equal((MemoryAccess.Kernel, new ContextAddress(new ConstantExpression(34, ProbeType.U64))), (unaligned.Access, unaligned.Address));
        Assert.Equal(new ContextRead(36, 4, ProbeType.Ip4), RecordTypes.Read(36, ProbeType.Ip4));
    }

    [Theory]
    [InlineData("5.10", ProgramKind.Kprobe)]
    [InlineData("6.1", ProgramKind.Kprobe)] // Debian's for clouds has no CONFIG_FPROBE
    [InlineData("6.12", ProgramKind.KprobeMulti)]
    [InlineData("7", ProgramKind.KprobeMulti)]
    public void A_pattern_whose_functions_are_told_apart_is_attached_as_the_kernel_can(string kernel, ProgramKind kind)
    {
        ProbeDefinition definition = Parse("on: [\"kprobe:vfs_r*\"]\nemit: [ counter: { name: a, attributes: [func] } ]");
        BoundAlternative first = ProbeBinder.Bind(definition, KernelTypes.Of(kernel)).Probe!.Hooks[0].Alternatives[0];

        Assert.Equal(kind, first.Programs[0].Kind);
        Assert.Equal(kind == ProgramKind.KprobeMulti, first.Programs.Count == 1);
    }

    [Theory]
    [InlineData("{ f: { expr: arg0, decode: usym } }", "f usym.process")]
    [InlineData("{ f: usym(arg0), p: pid }", "f p")]
    [InlineData("{ f: { expr: arg0, decode: ksym } }", "f")]
    public void An_address_of_a_program_is_kept_with_its_process(string attributes, string names)
    {
        ProbeDefinition definition = Parse($"on: [uprobe:libc.so.6:malloc]\nemit: [ counter: {{ name: a, attributes: {attributes} }} ]");
        BoundEmitter emitter = Assert.Single(ProbeBinder.Bind(definition, KernelTypes.Any()).Probe!.Emitters);

        Assert.Equal(names, string.Join(' ', emitter.Attributes.Select(a => a.Name)));
        Assert.All(emitter.Attributes, a => Assert.Equal(a.Name != "usym.process", a.IsReported));
    }
}

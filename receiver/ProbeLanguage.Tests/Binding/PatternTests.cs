using EbpfReceiver.Bpf;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Hooks with <c>*</c>: which of the functions it was can be told.</summary>
public sealed class PatternTests
{
    [Theory]
    [InlineData("func", "uprobe:libc.so.6:getaddrinfo*", "getaddrinfo")]
    [InlineData("probe", "uretprobe:libc.so.6:getaddrinfo*", "uretprobe:libc.so.6:getaddrinfo")]
    public void Each_function_of_a_library_has_a_program_that_knows_its_name(string name, string hook, string known)
    {
        BoundAlternative alternative = Bind(hook, name, new RunningMachine());

        BoundProgram program = Assert.Single(alternative.Programs, p => p.Target == "libc.so.6:getaddrinfo");
        Assert.Equal(known, Assert.IsType<TextConstant>(Assert.Single(program.Emissions[0].Attributes)).Value);
    }

    [Fact]
    public void One_program_is_at_all_functions_of_a_library_where_no_name_is_asked() =>
        Assert.Equal("libc.so.6:getaddrinfo*", Assert.Single(Bind("uprobe:libc.so.6:getaddrinfo*", "comm", new RunningMachine()).Programs).Target);

    [Fact]
    public void The_hook_of_one_program_at_many_functions_of_the_kernel_is_found_by_its_address()
    {
        ProbeBinding binding = ProbeBinder.Bind(Parse("kprobe:vfs_*", "probe"), KernelTypes.Of("6.12"));

        Assert.Equal(ProgramKind.KprobeMulti, Assert.Single(binding.Probe!.Hooks[0].Alternatives[0].Programs).Kind);
        DecoderStep step = Assert.Single(Assert.Single(binding.Probe.Emitters[0].Attributes).Decoders);
        Assert.Equal(("ksym", "prefix", "kprobe:"), (step.Name, step.Arguments[0].Key, step.Arguments[0].Value));
        var chain = new DecoderChain([new DecoderSpec(step.Name) { Map = step.Arguments.ToDictionary(a => a.Key, a => a.Value) }]);
        Assert.Equal("kprobe:0x1", chain.Decode(DecodedValue.Unsigned(1)).ToString());
    }

    private static BoundAlternative Bind(string hook, string attribute, ProbeTarget target) =>
        ProbeBinder.Bind(Parse(hook, attribute), target).Probe!.Hooks[0].Alternatives[0];

    private static ProbeDefinition Parse(string hook, string attribute) => Assert.Single(ProbeFile.Parse($$"""
        version: 1
        probes:
          - name: test
            on: ["{{hook}}"]
            emit: [ counter: { name: hits, attributes: { which: {{attribute}} } } ]
        """, "test.yaml").Probes);
}

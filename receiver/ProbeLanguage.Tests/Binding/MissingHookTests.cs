using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>What a machine does not have is said with the place where it is written, and with what was probably meant.</summary>
public sealed class MissingHookTests
{
    [Theory]
    [InlineData("uprobe:libc.so.6:mallocc", "libc.so.6 does not define the function mallocc", "malloc")]
    [InlineData("uprobe:libc:mallocc", "libc.so.6 does not define the function mallocc", "malloc")]
    [InlineData("uretprobe:libc.so.6:getaddrinf", "libc.so.6 does not define the function getaddrinf", "getaddrinfo")]
    public void A_function_that_a_library_lacks_is_answered_with_those_that_are_near(string hook, string problem, string meant)
    {
        ProbeBinding binding = ProbeBinder.Bind(Parse(hook), new RunningMachine());

        Assert.Null(binding.Probe);
        Assert.StartsWith($"test.yaml:4:11: {hook}: ", binding.MissingReason, StringComparison.Ordinal);
        Assert.Contains(problem, binding.MissingReason, StringComparison.Ordinal);
        Assert.Matches($@"; did you mean .*\b{meant}\b.*\?$", binding.MissingReason);
    }

    [Fact]
    public void A_function_that_is_chosen_as_a_program_starts_says_so()
    {
        ProbeBinding binding = ProbeBinder.Bind(Parse("uprobe:libc.so.6:strlen"), new RunningMachine());

        Assert.Contains("chooses strlen when a program starts (IFUNC)", binding.MissingReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tracepoint_of_another_category_is_named()
    {
        ProbeBinding binding = ProbeBinder.Bind(Parse("tracepoint:noblock:block_rq_issue"), CatalogueKernel.Of("6.12"));

        Assert.Equal(
            "test.yaml:4:11: tracepoint:noblock:block_rq_issue: Linux 6.12 has no tracepoint noblock:block_rq_issue; did you mean tracepoint:block:block_rq_issue?",
            binding.MissingReason);
    }

    private static ProbeDefinition Parse(string hook) => Assert.Single(ProbeFile.Parse($$"""
        version: 1
        probes:
          - name: test
            on: ["{{hook}}"]
            emit: [ counter: { name: hits } ]
        """, "test.yaml").Probes);
}

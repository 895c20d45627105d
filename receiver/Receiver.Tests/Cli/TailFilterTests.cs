using EbpfReceiver.Cli;
using EbpfReceiver.Tests.Terminal;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Cli;

public sealed class TailFilterTests
{
    [Theory]
    [InlineData("", "", 4)]
    [InlineData("tcp", "", 2)]
    [InlineData("", "curl", 2)]
    [InlineData("", "8", 2)]
    [InlineData("dns", "cu*", 1)]
    [InlineData("block", "", 0)]
    public void Spans_are_left_that_match_a_probe_and_a_process(string probe, string process, int left)
    {
        var data = new TracesData
        {
            ResourceSpans = { Of("curl", 7), Of("nginx", 8) },
        };
        var filter = new TailFilter(probe.Length > 0 ? [probe] : [], process.Length > 0 ? [process] : []);
        Assert.Equal(left, filter.Apply(data));
        Assert.Equal(left, data.ResourceSpans.SelectMany(r => r.ScopeSpans).Sum(s => s.Spans.Count));
    }

    private static ResourceSpans Of(string name, int pid) => new()
    {
        Resource = ConsoleText.Process(name, pid),
        ScopeSpans =
        {
            new ScopeSpans { Scope = new InstrumentationScope { Name = "ebpf-receiver/tcp" }, Spans = { new Span() } },
            new ScopeSpans { Scope = new InstrumentationScope { Name = "ebpf-receiver/dns" }, Spans = { new Span() } },
        },
    };
}

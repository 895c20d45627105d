using System.Text.Json;
using EbpfReceiver.Trace;

namespace EbpfReceiver.Tests.Trace;

/// <summary>Whoever reads the tables must see that they are estimates.</summary>
public sealed class TraceSamplingTests
{
    [Fact]
    public void A_probe_that_looked_at_fewer_hits_says_so_in_text()
    {
        Assert.Contains(
            "hot: to keep within its budget it looked at 1 of 32 hits at times, which count for the others",
            new TraceText(10).Lines(Probe(1.0 / 32)));
        Assert.DoesNotContain(new TraceText(10).Lines(Probe(1)), line => line.Contains("budget", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.03125)]
    public void And_in_JSON(double ratio)
    {
        using var stream = new MemoryStream();
        TraceJson.Write(stream, [Probe(ratio)], TimeSpan.FromSeconds(1), new TraceEvents(null));
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(ratio, document.RootElement.GetProperty("probes")[0].GetProperty("lowest_sampling_ratio").GetDouble());
    }

    private static TraceProbe Probe(double ratio) => new("hot", [], [], ratio, []);
}

using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests;

/// <summary>Takes batches as a fanout would, keeps copies of their bytes, and releases them.</summary>
internal sealed class Collected
{
    public List<(Signal Signal, int Items, byte[] Bytes)> Batches { get; } = [];

    public void Publish(Batch batch)
    {
        Batches.Add((batch.Signal, batch.Items, batch.Bytes.ToArray()));
        batch.Release();
    }

    public ExportTraceServiceRequest Traces() => ExportTraceServiceRequest.Parser.ParseFrom(Assert.Single(Batches).Bytes);

    public ExportLogsServiceRequest Logs() => ExportLogsServiceRequest.Parser.ParseFrom(Assert.Single(Batches).Bytes);

    public ExportMetricsServiceRequest Metrics() => ExportMetricsServiceRequest.Parser.ParseFrom(Assert.Single(Batches).Bytes);

    /// <summary>Equality through the official library's own encoding, so that a difference prints as JSON.</summary>
    public static void AssertSame<T>(T expected, T actual)
        where T : IMessage<T> => Assert.Equal(JsonFormatter.Default.Format(expected), JsonFormatter.Default.Format(actual));
}

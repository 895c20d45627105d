using EbpfReceiver.Otlp;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Hosting;

/// <summary>Keeps every batch, decoded by the official messages.</summary>
internal sealed class CapturingOutlet : IOutlet
{
    private readonly Lock _gate = new();
    private readonly List<(Resource Resource, string Scope, Span Span)> _spans = [];
    private readonly List<(Resource Resource, string Scope, LogRecord Record)> _logs = [];
    private readonly List<(Resource Resource, string Scope, Metric Metric)> _metrics = [];

    public string Name => "capture";

    public OutletStatistics Statistics { get; } = new();

    public IReadOnlyList<(Resource Resource, string Scope, Span Span)> Spans
    {
        get
        {
            lock (_gate) return [.. _spans];
        }
    }

    public IReadOnlyList<(Resource Resource, string Scope, LogRecord Record)> Logs
    {
        get
        {
            lock (_gate) return [.. _logs];
        }
    }

    public IReadOnlyList<(Resource Resource, string Scope, Metric Metric)> Metrics
    {
        get
        {
            lock (_gate) return [.. _metrics];
        }
    }

    public bool TryAccept(Batch batch)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> bytes = batch.Bytes.Span;
            switch (batch.Signal)
            {
                case Signal.Traces:
                    foreach (ResourceSpans r in ExportTraceServiceRequest.Parser.ParseFrom(bytes).ResourceSpans)
                    {
                        foreach (ScopeSpans s in r.ScopeSpans) _spans.AddRange(s.Spans.Select(x => (r.Resource, s.Scope.Name, x)));
                    }

                    break;
                case Signal.Logs:
                    foreach (ResourceLogs r in ExportLogsServiceRequest.Parser.ParseFrom(bytes).ResourceLogs)
                    {
                        foreach (ScopeLogs s in r.ScopeLogs) _logs.AddRange(s.LogRecords.Select(x => (r.Resource, s.Scope.Name, x)));
                    }

                    break;
                case Signal.Metrics:
                    foreach (ResourceMetrics r in ExportMetricsServiceRequest.Parser.ParseFrom(bytes).ResourceMetrics)
                    {
                        foreach (ScopeMetrics s in r.ScopeMetrics) _metrics.AddRange(s.Metrics.Select(x => (r.Resource, s.Scope.Name, x)));
                    }

                    break;
            }
        }

        batch.Release();
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
}

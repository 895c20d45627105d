using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;
using Google.Protobuf.Collections;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Trace;

/// <summary>Takes the spans and log records of traced probes, keeps them for the end, and hands each on as it comes.</summary>
/// <param name="seen">Called for each, on the thread that reads the samples; null: nobody wants to know.</param>
internal sealed class TraceEvents(Action<TraceEvent>? seen)
{
    /// <summary>What is kept for the end; more are counted.</summary>
    private const int MaximumKept = 100_000;

    private const string ScopePrefix = "ebpf-receiver/";

    private readonly Lock _gate = new();
    private readonly List<TraceEvent> _kept = [];

    /// <summary>Those that were kept.</summary>
    public IReadOnlyList<TraceEvent> All
    {
        get
        {
            lock (_gate) return [.. _kept];
        }
    }

    /// <summary>Those that were too many to be kept.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes a batch.</summary>
    public void Publish(Batch batch)
    {
        if (batch.Signal == Signal.Traces)
        {
            foreach (ResourceSpans resource in TracesData.Parser.ParseFrom(batch.Bytes.Span).ResourceSpans)
            {
                foreach (ScopeSpans scope in resource.ScopeSpans)
                {
                    foreach (Span span in scope.Spans)
                    {
                        Keep(new TraceEvent(
                            NameOf(scope.Scope), "span", span.StartTimeUnixNano, span.EndTimeUnixNano - span.StartTimeUnixNano, span.Name, "",
                            PidOf(resource.Resource), Values(span.Attributes)));
                    }
                }
            }
        }
        else if (batch.Signal == Signal.Logs)
        {
            foreach (ResourceLogs resource in LogsData.Parser.ParseFrom(batch.Bytes.Span).ResourceLogs)
            {
                foreach (ScopeLogs scope in resource.ScopeLogs)
                {
                    foreach (LogRecord record in scope.LogRecords)
                    {
                        Keep(new TraceEvent(
                            NameOf(scope.Scope), "log", record.TimeUnixNano, 0, record.EventName, record.Body?.StringValue.TrimEnd() ?? "",
                            PidOf(resource.Resource), Values(record.Attributes)));
                    }
                }
            }
        }

        batch.Release();
    }

    private void Keep(TraceEvent item)
    {
        lock (_gate)
        {
            if (_kept.Count < MaximumKept) _kept.Add(item);
            else Dropped++;
        }

        seen?.Invoke(item);
    }

    private static string NameOf(InstrumentationScope? scope) =>
        scope?.Name is { } name && name.StartsWith(ScopePrefix, StringComparison.Ordinal) ? name[ScopePrefix.Length..] : "";

    private static long PidOf(Resource? resource) =>
        resource?.Attributes.FirstOrDefault(a => a.Key == "process.pid")?.Value.IntValue ?? 0;

    private static IReadOnlyList<(string Key, DecodedValue Value)> Values(RepeatedField<KeyValue> attributes) =>
        [.. attributes.Select(a => (a.Key, a.Value.ValueCase switch
        {
            AnyValue.ValueOneofCase.IntValue => DecodedValue.Signed(a.Value.IntValue),
            AnyValue.ValueOneofCase.BoolValue => DecodedValue.Boolean(a.Value.BoolValue),
            _ => DecodedValue.Of(a.Value.StringValue),
        }))];
}

using EbpfReceiver.Otlp;
using Google.Protobuf;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Terminal;

/// <summary>
/// Decides what of the batches is shown. Events beyond the limit of a second are counted from the batch alone, without decoding it, and a
/// line says how many they were. Metrics are shown once their interval is complete.
/// </summary>
internal sealed class BatchPresenter(IConsoleView view, ConsoleOutletOptions options, TimeProvider clock)
{
    /// <summary>The batches of one collection come together; a pause this long ends them.</summary>
    private static readonly TimeSpan s_metricsPause = TimeSpan.FromMilliseconds(250);

    private readonly MetricSummary _summary = new();
    private long _second = long.MinValue;
    private int _shown;
    private long _hidden;
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private DateTimeOffset _lastMetrics;
    private DateTimeOffset? _lastSummary;

    /// <summary>Whether <see cref="Tick"/> has something to do soon.</summary>
    public bool IsWaiting => _hidden > 0 || _summary.HasValues;

    /// <summary>Shows a batch, or counts it.</summary>
    public void Present(Batch batch) => Present(batch.Signal, batch.Items, batch.Bytes.Span);

    /// <summary>Shows a request, or counts it.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not a request of that signal.</exception>
    public void Present(Signal signal, int items, ReadOnlySpan<byte> request)
    {
        Tick();
        switch (signal)
        {
            // Export requests and the data messages of the signals are the same on the wire.
            case Signal.Metrics when options.Summary:
                _summary.Add(MetricsData.Parser.ParseFrom(request));
                _lastMetrics = clock.GetUtcNow();
                break;
            case Signal.Traces or Signal.Logs when !options.Events:
                break;
            case Signal.Traces or Signal.Logs when _shown >= options.MaxEventsPerSecond:
                _hidden += items;
                break;
            case Signal.Traces:
                Present(TracesData.Parser.ParseFrom(request));
                break;
            case Signal.Logs:
                Present(LogsData.Parser.ParseFrom(request));
                break;
        }
    }

    /// <summary>Shows what became due by the passing of time.</summary>
    public void Tick()
    {
        DateTimeOffset now = clock.GetUtcNow();
        long second = now.ToUnixTimeSeconds();
        if (second != _second)
        {
            ShowHidden();
            _second = second;
            _shown = 0;
        }

        if (_summary.HasValues && now - _lastMetrics >= s_metricsPause)
            ShowSummary(now);
    }

    /// <summary>Shows what is left.</summary>
    public void Finish()
    {
        ShowHidden();
        if (_summary.HasValues)
            ShowSummary(clock.GetUtcNow());
        view.Flush();
    }

    private void Present(TracesData data)
    {
        foreach (ResourceSpans resource in data.ResourceSpans)
        {
            ResourceName owner = ResourceName.Of(resource.Resource);
            foreach (ScopeSpans scope in resource.ScopeSpans)
            {
                foreach (Span span in scope.Spans)
                {
                    if (MayShow())
                        view.Write(SpanLine.Of(span, owner));
                }
            }
        }
    }

    private void Present(LogsData data)
    {
        foreach (ResourceLogs resource in data.ResourceLogs)
        {
            ResourceName owner = ResourceName.Of(resource.Resource);
            foreach (ScopeLogs scope in resource.ScopeLogs)
            {
                foreach (LogRecord record in scope.LogRecords)
                {
                    if (MayShow())
                        view.Write(LogLine.Of(record, owner));
                }
            }
        }
    }

    private bool MayShow()
    {
        if (_shown < options.MaxEventsPerSecond)
        {
            _shown++;
            return true;
        }

        _hidden++;
        return false;
    }

    private void ShowHidden()
    {
        if (_hidden == 0)
            return;
        view.WriteHidden(_hidden);
        _hidden = 0;
    }

    private void ShowSummary(DateTimeOffset now)
    {
        // The first collection comes early.
        TimeSpan interval = _lastMetrics - (_lastSummary ?? _began);
        if (_lastSummary is null && interval > options.MetricsInterval)
            interval = options.MetricsInterval;
        _lastSummary = _lastMetrics;
        ShownSummary summary = _summary.Take(now.ToLocalTime(), interval > TimeSpan.Zero ? interval : options.MetricsInterval);
        if (summary.Latencies.Count + summary.Processes.Count + summary.Counters.Count + summary.Declared.Count + summary.Losses.Count > 0)
            view.Write(summary);
    }
}

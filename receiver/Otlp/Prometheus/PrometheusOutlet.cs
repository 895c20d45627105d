using System.Buffers;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Keeps the last state of every metric series for scrapers, and renders it as OpenMetrics or Prometheus text. Any thread may
/// offer and render.
/// </summary>
public sealed class PrometheusOutlet : IOutlet
{
    private readonly Lock _lock = new();
    private readonly PrometheusOutletOptions _options;
    private readonly TimeProvider _time;
    private readonly PrometheusStore _store;
    private long _expiredAt;

    /// <param name="options">Bounds; null for the defaults.</param>
    /// <param name="time">The clock that series expire by; null for the system's.</param>
    public PrometheusOutlet(PrometheusOutletOptions? options = null, TimeProvider? time = null)
    {
        _options = options ?? new PrometheusOutletOptions();
        _time = time ?? TimeProvider.System;
        _store = new PrometheusStore(_options.MaxSeries);
        _expiredAt = _time.GetTimestamp();
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public OutletStatistics Statistics { get; } = new();

    /// <summary>Series that are kept now.</summary>
    public int SeriesCount
    {
        get
        {
            lock (_lock)
                return _store.SeriesCount;
        }
    }

    /// <summary>Metrics only.</summary>
    public bool Takes(Signal signal) => signal == Signal.Metrics;

    /// <summary>Takes all points in at once. Points of series beyond the limit count as <see cref="DropCause.QueueFull"/>.</summary>
    public bool TryAccept(Batch batch)
    {
        bool complete;
        int full;
        int conflicting;
        lock (_lock)
        {
            // Now and then where nobody scrapes, too: short processes leave a few series each.
            if (_store.SeriesCount >= _options.MaxSeries || _time.GetElapsedTime(_expiredAt) >= _options.Expiration / 5)
                Expire();
            _store.BeginBatch(_time.GetTimestamp());
            complete = MetricsWalker.TryWalk(batch.Bytes.Span, _store);
            full = _store.DroppedFull;
            conflicting = _store.DroppedConflicting;
        }
        if (complete)
        {
            Statistics.CountDelivered(Signal.Metrics, batch.Items - full - conflicting, batch.Length);
            Statistics.CountDropped(Signal.Metrics, DropCause.QueueFull, full);
            Statistics.CountDropped(Signal.Metrics, DropCause.NotRetryable, conflicting);
        }
        else
        {
            Statistics.CountDropped(Signal.Metrics, DropCause.Failed, batch.Items);
        }
        batch.Release();
        return true;
    }

    /// <summary>Writes all series in the format that the scraper prefers.</summary>
    /// <param name="accept">The scraper's Accept header; null for plain text.</param>
    /// <param name="output">Where to.</param>
    /// <returns>The Content-Type of what was written.</returns>
    public string Render(string? accept, IBufferWriter<byte> output)
    {
        PrometheusFormat format = PrometheusFormats.Choose(accept);
        var writer = new ExpositionWriter(output, format);
        lock (_lock)
        {
            Expire();
            writer.Targets(_store.Targets.Keys.Order(StringComparer.Ordinal));
            foreach (PrometheusFamily family in _store.Families.Values)
                writer.Family(family);
        }
        writer.End();
        return PrometheusFormats.ContentType(format);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;

    private void Expire()
    {
        _expiredAt = _time.GetTimestamp();
        _store.Expire(_expiredAt - (long)(_options.Expiration.TotalSeconds * _time.TimestampFrequency));
    }
}

using System.Diagnostics.CodeAnalysis;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Writes one export of metrics: resource, scope, metric, points, in this order and each as often as needed. A level is
/// only written when a point follows. Requests are published when they are large, and by <see cref="Flush"/>.
/// Nothing is allocated per point. Not thread-safe.
/// </summary>
public sealed class MetricsWriter : IDisposable
{
    /// <summary>A larger point is dropped.</summary>
    private const int MaxPointBytes = 1024 * 1024;

    private const int MaxSoftBytes = 2 * 1024 * 1024;
    private const int InitialCapacity = 64 * 1024;

    private readonly Action<Batch> _publish;
    private readonly int _maxBytes;
    private readonly MetricFraming _framing;
    private int _openTicket;
    private int _openPoint = -1;
    private int _openTag;
    private int _points;

    /// <param name="temporality">Of all sums and histograms this writer writes.</param>
    /// <param name="publish">Takes each complete request over, with its reference (<see cref="Fanout.Publish"/>).</param>
    /// <param name="maxBytes">Bytes after which a request is published; at most 2 MiB is used.</param>
    public MetricsWriter(Temporality temporality, Action<Batch> publish, int maxBytes = 1024 * 1024)
    {
        if (temporality is not (Temporality.Delta or Temporality.Cumulative))
            throw new ArgumentOutOfRangeException(nameof(temporality), temporality, null);
        Temporality = temporality;
        _publish = publish;
        _maxBytes = Math.Min(maxBytes, MaxSoftBytes);
        Writer = new ProtobufWriter(InitialCapacity);
        _framing = new MetricFraming(Writer, temporality);
    }

    /// <summary>Of all sums and histograms this writer writes.</summary>
    public Temporality Temporality { get; }

    /// <summary>Points that wait for the next flush.</summary>
    public int Pending => _points;

    /// <summary>Points dropped because one alone was over 1 MiB.</summary>
    public long OversizedPoints { get; private set; }

    internal ProtobufWriter Writer { get; }

    /// <summary>What follows is about this resource: <see cref="EncodedResource.Bytes"/>, at most 512 KiB.</summary>
    public void BeginResource(ReadOnlyMemory<byte> resource)
    {
        DiscardOpen();
        if (resource.Length > RequestComposer.MaxResourceBytes)
        {
            throw new ArgumentException(
                $"The resource has {resource.Length} bytes; at most {RequestComposer.MaxResourceBytes} fit.", nameof(resource));
        }
        _framing.Resource(resource);
    }

    /// <summary>What follows was produced by this scope.</summary>
    public void BeginScope(EncodedScope scope)
    {
        DiscardOpen();
        _framing.Scope(scope);
    }

    /// <summary>What follows are points of this metric.</summary>
    public void BeginMetric(MetricDescriptor metric)
    {
        DiscardOpen();
        _framing.Metric(metric);
    }

    /// <summary>Begins a point of a counter or gauge with an integer value.</summary>
    /// <param name="startUnixNano">From when it counts; 0 for a gauge.</param>
    /// <param name="timeUnixNano">When it was read.</param>
    /// <param name="value">In the metric's unit.</param>
    public PointWriter NumberPoint(ulong startUnixNano, ulong timeUnixNano, long value)
    {
        PointWriter point = BeginNumber(startUnixNano, timeUnixNano);
        Writer.WriteFixed64(Tag.Fixed64(MetricsFields.NumberPoint.AsInt), (ulong)value);
        return point;
    }

    /// <summary>Begins a point of a counter or gauge with a floating-point value.</summary>
    /// <param name="startUnixNano">From when it counts; 0 for a gauge.</param>
    /// <param name="timeUnixNano">When it was read.</param>
    /// <param name="value">In the metric's unit.</param>
    public PointWriter NumberPoint(ulong startUnixNano, ulong timeUnixNano, double value)
    {
        PointWriter point = BeginNumber(startUnixNano, timeUnixNano);
        Writer.WriteDouble(Tag.Fixed64(MetricsFields.NumberPoint.AsDouble), value);
        return point;
    }

    /// <summary>Begins a point of an exponential histogram.</summary>
    /// <param name="startUnixNano">From when it counts.</param>
    /// <param name="timeUnixNano">When it was read.</param>
    /// <param name="histogram">The values.</param>
    public PointWriter ExponentialHistogramPoint(ulong startUnixNano, ulong timeUnixNano, scoped in ExponentialHistogram histogram)
    {
        if (_framing.Kind != MetricKind.ExponentialHistogram)
            ThrowKind();
        BeginPoint();
        HistogramFields.Write(Writer, startUnixNano, timeUnixNano, histogram);
        return new PointWriter(this, _openTicket, MetricsFields.ExponentialHistogramPoint.Attributes);
    }

    /// <summary>Begins a point of a histogram with explicit bounds.</summary>
    /// <param name="startUnixNano">From when it counts.</param>
    /// <param name="timeUnixNano">When it was read.</param>
    /// <param name="histogram">The values.</param>
    public PointWriter HistogramPoint(ulong startUnixNano, ulong timeUnixNano, scoped in ExplicitHistogram histogram)
    {
        if (_framing.Kind != MetricKind.Histogram)
            ThrowKind();
        BeginPoint();
        HistogramFields.Write(Writer, startUnixNano, timeUnixNano, histogram);
        return new PointWriter(this, _openTicket, MetricsFields.HistogramPoint.Attributes);
    }

    /// <summary>Publishes what was written and forgets resource, scope and metric.</summary>
    public void Flush()
    {
        DiscardOpen();
        Publish();
        _framing.Reset();
    }

    /// <summary>Gives the buffer back; points that were not flushed are gone.</summary>
    public void Dispose() => Writer.Dispose();

    internal void End(int ticket)
    {
        if (ticket != _openTicket || _openPoint < 0)
            return;
        if (Writer.Position - _openPoint > MaxPointBytes)
        {
            OversizedPoints++;
            DiscardOpen();
            return;
        }
        Writer.EndMinimal(_openPoint);
        _openPoint = -1;
        _points++;
        if (Writer.Position >= _maxBytes)
            Publish();
    }

    internal void Discard(int ticket)
    {
        if (ticket == _openTicket)
            DiscardOpen();
    }

    private PointWriter BeginNumber(ulong startUnixNano, ulong timeUnixNano)
    {
        if (_framing.Kind is MetricKind.ExponentialHistogram or MetricKind.Histogram)
            ThrowKind();
        BeginPoint();
        if (startUnixNano != 0)
            Writer.WriteFixed64(Tag.Fixed64(MetricsFields.NumberPoint.StartTimeUnixNano), startUnixNano);
        Writer.WriteFixed64(Tag.Fixed64(MetricsFields.NumberPoint.TimeUnixNano), timeUnixNano);
        return new PointWriter(this, _openTicket, MetricsFields.NumberPoint.Attributes);
    }

    private void BeginPoint()
    {
        DiscardOpen();
        _framing.Open();
        _openTag = Writer.Position;
        _openPoint = Writer.BeginPadded(Tag.Length(MetricsFields.Data.DataPoints));
        _openTicket++;
    }

    private void DiscardOpen()
    {
        if (_openPoint < 0)
            return;
        Writer.Position = _openTag;
        _openPoint = -1;
    }

    private void Publish()
    {
        if (_points == 0)
        {
            _framing.Close();
            Writer.Position = 0;
            return;
        }
        _framing.Close();
        int length = Writer.Position;
        int points = _points;
        _points = 0;
        _publish(Batch.Own(Signal.Metrics, points, Writer.Detach(InitialCapacity), length));
    }

    [DoesNotReturn]
    private void ThrowKind() => throw new InvalidOperationException($"A {_framing.Kind} has no points of that kind.");
}

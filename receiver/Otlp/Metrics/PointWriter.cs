namespace EbpfReceiver.Otlp;

/// <summary>Writes the attributes of one data point. The point counts once it is ended.</summary>
public readonly ref struct PointWriter : IAttributedItem
{
    private readonly MetricsWriter _metrics;
    private readonly int _ticket;
    private readonly int _attributesField;

    internal PointWriter(MetricsWriter metrics, int ticket, int attributesField)
    {
        _metrics = metrics;
        _ticket = ticket;
        _attributesField = attributesField;
    }

    /// <summary>Keeps the point. Ending twice is harmless.</summary>
    public void End() => _metrics.End(_ticket);

    /// <summary>Takes the point back.</summary>
    public void Discard() => _metrics.Discard(_ticket);

    /// <summary>Same as <see cref="End"/>.</summary>
    public void Dispose() => _metrics.End(_ticket);

    ProtobufWriter IAttributedItem.Writer => _metrics.Writer;

    int IAttributedItem.AttributesField => _attributesField;
}

namespace EbpfReceiver.Otlp;

/// <summary>Writes the attributes of one data point. The point counts once it is ended.</summary>
public readonly ref struct PointWriter
{
    private readonly MetricsWriter _metrics;
    private readonly int _ticket;

    internal PointWriter(MetricsWriter metrics, int ticket, int attributesField)
    {
        _metrics = metrics;
        _ticket = ticket;
        Field = attributesField;
    }

    private int Field { get; }

    /// <summary>Adds an integer attribute; the key is UTF-8.</summary>
    public void Attribute(ReadOnlySpan<byte> key, long value) => AttributeFields.Write(Writer, Field, key, value);

    /// <summary>Adds an integer attribute; what does not fit in 63 bits is written as <see cref="long.MaxValue"/>.</summary>
    public void Attribute(ReadOnlySpan<byte> key, ulong value) =>
        AttributeFields.Write(Writer, Field, key, (long)Math.Min(value, long.MaxValue));

    /// <summary>Adds a floating-point attribute; the key is UTF-8.</summary>
    public void Attribute(ReadOnlySpan<byte> key, double value) => AttributeFields.Write(Writer, Field, key, value);

    /// <summary>Adds a boolean attribute; the key is UTF-8.</summary>
    public void Attribute(ReadOnlySpan<byte> key, bool value) => AttributeFields.Write(Writer, Field, key, value);

    /// <summary>Adds a string attribute; what is not UTF-8 in the value is replaced by U+FFFD.</summary>
    public void Attribute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8) => AttributeFields.Write(Writer, Field, key, utf8);

    /// <summary>Adds a string attribute.</summary>
    public void Attribute(ReadOnlySpan<byte> key, ReadOnlySpan<char> text) => AttributeFields.Write(Writer, Field, key, text);

    /// <summary>Adds a string attribute.</summary>
    public void Attribute(ReadOnlySpan<byte> key, string text) => AttributeFields.Write(Writer, Field, key, text.AsSpan());

    /// <summary>Adds an array of the strings in <paramref name="nulSeparated"/>, each ended by a NUL; the last need not be.</summary>
    public void StringArrayAttribute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nulSeparated) =>
        AttributeFields.WriteStrings(Writer, Field, key, nulSeparated);

    /// <summary>Adds an array of strings.</summary>
    public void StringArrayAttribute(ReadOnlySpan<byte> key, ReadOnlySpan<string> values) =>
        AttributeFields.WriteStrings(Writer, Field, key, values);

    /// <summary>Keeps the point. Ending twice is harmless.</summary>
    public void End() => _metrics.End(_ticket);

    /// <summary>Takes the point back.</summary>
    public void Discard() => _metrics.Discard(_ticket);

    /// <summary>Same as <see cref="End"/>.</summary>
    public void Dispose() => _metrics.End(_ticket);

    private ProtobufWriter Writer => _metrics.Writer;
}

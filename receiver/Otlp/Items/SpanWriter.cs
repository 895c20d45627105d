namespace EbpfReceiver.Otlp;

/// <summary>
/// Writes one span into the open batch. Fields may come in any order, each once; attributes may repeat, their keys must
/// not. Ids that are empty are left out.
/// </summary>
public readonly ref struct SpanWriter
{
    private const int Field = TraceFields.Span.Attributes;
    private readonly ItemArena _arena;
    private readonly int _ticket;

    internal SpanWriter(ItemArena arena, int ticket)
    {
        _arena = arena;
        _ticket = ticket;
    }

    /// <summary>The trace: 16 bytes, not all zero.</summary>
    public void TraceId(ReadOnlySpan<byte> id) => ItemIds.Write(Writer, TraceFields.Span.TraceId, id, ItemIds.TraceBytes);

    /// <summary>The span: 8 bytes, not all zero.</summary>
    public void SpanId(ReadOnlySpan<byte> id) => ItemIds.Write(Writer, TraceFields.Span.SpanId, id, ItemIds.SpanBytes);

    /// <summary>The parent: 8 bytes; empty for a root.</summary>
    public void ParentSpanId(ReadOnlySpan<byte> id) => ItemIds.Write(Writer, TraceFields.Span.ParentSpanId, id, ItemIds.SpanBytes);

    /// <summary>The operation's name, such as <c>tcp connect</c>.</summary>
    public void Name(ReadOnlySpan<byte> utf8) => Writer.WriteText(Tag.Length(TraceFields.Span.Name), utf8);

    /// <summary>Which side of the operation it is.</summary>
    public void Kind(SpanKind kind) => Writer.WriteVarint(Tag.Varint(TraceFields.Span.Kind), (ulong)kind);

    /// <summary>When it began and ended, in nanoseconds since 1970.</summary>
    public void Times(ulong startUnixNano, ulong endUnixNano)
    {
        Writer.WriteFixed64(Tag.Fixed64(TraceFields.Span.StartTimeUnixNano), startUnixNano);
        Writer.WriteFixed64(Tag.Fixed64(TraceFields.Span.EndTimeUnixNano), endUnixNano);
    }

    /// <summary>W3C trace flags in the low eight bits; bits 8 and 9 tell whether the parent is remote.</summary>
    public void Flags(uint flags) => Writer.WriteFixed32(Tag.Fixed32(TraceFields.Span.Flags), flags);

    /// <summary>How it ended; the message only says something for an error.</summary>
    public void Status(StatusCode code, ReadOnlySpan<byte> message = default)
    {
        int status = Writer.BeginPadded(Tag.Length(TraceFields.Span.Status));
        if (!message.IsEmpty)
            Writer.WriteText(Tag.Length(TraceFields.Status.Message), message);
        Writer.WriteVarint(Tag.Varint(TraceFields.Status.Code), (ulong)code);
        Writer.EndMinimal(status);
    }

    /// <summary>Links another span: 16 bytes of trace id, 8 of span id.</summary>
    public void Link(ReadOnlySpan<byte> traceId, ReadOnlySpan<byte> spanId)
    {
        int link = Writer.BeginPadded(Tag.Length(TraceFields.Span.Links));
        ItemIds.Write(Writer, TraceFields.Link.TraceId, traceId, ItemIds.TraceBytes);
        ItemIds.Write(Writer, TraceFields.Link.SpanId, spanId, ItemIds.SpanBytes);
        Writer.EndMinimal(link);
    }

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

    /// <summary>Keeps the item. Ending twice is harmless.</summary>
    public void End() => _arena.End(_ticket);

    /// <summary>Takes the item back.</summary>
    public void Discard() => _arena.Discard(_ticket);

    /// <summary>Same as <see cref="End"/>.</summary>
    public void Dispose() => _arena.End(_ticket);

    private ProtobufWriter Writer => _arena.Writer;
}

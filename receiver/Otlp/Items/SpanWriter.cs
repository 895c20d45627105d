namespace EbpfReceiver.Otlp;

/// <summary>
/// Writes one span into the open batch. Fields may come in any order, each once; attributes may repeat, their keys must
/// not. Ids that are empty are left out.
/// </summary>
public readonly ref struct SpanWriter : IAttributedItem
{
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

    /// <summary>Keeps the item. Ending twice is harmless.</summary>
    public void End() => _arena.End(_ticket);

    /// <summary>Takes the item back.</summary>
    public void Discard() => _arena.Discard(_ticket);

    /// <summary>Same as <see cref="End"/>.</summary>
    public void Dispose() => _arena.End(_ticket);

    ProtobufWriter IAttributedItem.Writer => _arena.Writer;

    int IAttributedItem.AttributesField => TraceFields.Span.Attributes;

    private ProtobufWriter Writer => _arena.Writer;
}

namespace EbpfReceiver.Otlp;

/// <summary>
/// Writes one log record into the open batch. Fields may come in any order, each once; attributes may repeat, their keys
/// must not. A record with an event name is an event.
/// </summary>
public readonly ref struct LogRecordWriter : IAttributedItem
{
    private readonly ItemArena _arena;
    private readonly int _ticket;

    internal LogRecordWriter(ItemArena arena, int ticket)
    {
        _arena = arena;
        _ticket = ticket;
    }

    /// <summary>When it happened and when it was seen, in nanoseconds since 1970.</summary>
    public void Times(ulong timeUnixNano, ulong observedTimeUnixNano)
    {
        Writer.WriteFixed64(Tag.Fixed64(LogsFields.LogRecord.TimeUnixNano), timeUnixNano);
        Writer.WriteFixed64(Tag.Fixed64(LogsFields.LogRecord.ObservedTimeUnixNano), observedTimeUnixNano);
    }

    /// <summary>How severe it is; the text of the severity is its upper-case name.</summary>
    public void Severity(Severity severity)
    {
        Writer.WriteVarint(Tag.Varint(LogsFields.LogRecord.SeverityNumber), (ulong)severity);
        ReadOnlySpan<byte> text = severity switch
        {
            Otlp.Severity.Trace => "TRACE"u8,
            Otlp.Severity.Debug => "DEBUG"u8,
            Otlp.Severity.Info => "INFO"u8,
            Otlp.Severity.Warn => "WARN"u8,
            Otlp.Severity.Error => "ERROR"u8,
            Otlp.Severity.Fatal => "FATAL"u8,
            _ => default,
        };
        if (!text.IsEmpty)
            Writer.WriteBytes(Tag.Length(LogsFields.LogRecord.SeverityText), text);
    }

    /// <summary>The event's name, such as <c>process.exec</c>.</summary>
    public void EventName(ReadOnlySpan<byte> utf8) => Writer.WriteText(Tag.Length(LogsFields.LogRecord.EventName), utf8);

    /// <summary>The message for people; what is not UTF-8 is replaced by U+FFFD.</summary>
    public void Body(ReadOnlySpan<byte> utf8) => AttributeFields.WriteAnyString(Writer, LogsFields.LogRecord.Body, utf8);

    /// <summary>The trace it belongs to: 16 bytes; empty for none.</summary>
    public void TraceId(ReadOnlySpan<byte> id) => ItemIds.Write(Writer, LogsFields.LogRecord.TraceId, id, ItemIds.TraceBytes);

    /// <summary>The span it belongs to: 8 bytes; empty for none.</summary>
    public void SpanId(ReadOnlySpan<byte> id) => ItemIds.Write(Writer, LogsFields.LogRecord.SpanId, id, ItemIds.SpanBytes);

    /// <summary>Keeps the item. Ending twice is harmless.</summary>
    public void End() => _arena.End(_ticket);

    /// <summary>Takes the item back.</summary>
    public void Discard() => _arena.Discard(_ticket);

    /// <summary>Same as <see cref="End"/>.</summary>
    public void Dispose() => _arena.End(_ticket);

    ProtobufWriter IAttributedItem.Writer => _arena.Writer;

    int IAttributedItem.AttributesField => LogsFields.LogRecord.Attributes;

    private ProtobufWriter Writer => _arena.Writer;
}

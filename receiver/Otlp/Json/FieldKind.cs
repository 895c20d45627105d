namespace EbpfReceiver.Otlp;

/// <summary>How a protobuf field's value stands on the wire and in JSON.</summary>
internal enum FieldKind : byte
{
    /// <summary>A JSON object.</summary>
    Message,

    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>base64.</summary>
    Bytes,

    /// <summary>Lower-case hex: what OTLP has for ids.</summary>
    Hex,

    /// <summary>int32 or an enum: a number.</summary>
    Int32,

    /// <summary>uint32 or fixed32: a number.</summary>
    UInt32,

    /// <summary>sint32: a number.</summary>
    SInt32,

    /// <summary>int64 or sfixed64: a number in a string.</summary>
    Int64,

    /// <summary>uint64 or fixed64: a number in a string.</summary>
    UInt64,

    /// <summary>A number, or "NaN", "Infinity", "-Infinity".</summary>
    Double,

    /// <summary>true or false.</summary>
    Bool,
}

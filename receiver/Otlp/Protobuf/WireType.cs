namespace EbpfReceiver.Otlp;

/// <summary>The protobuf wire types that OTLP uses.</summary>
public enum WireType : byte
{
    /// <summary>int32, int64, uint32, uint64, sint32, sint64, bool, enum.</summary>
    Varint = 0,

    /// <summary>fixed64, sfixed64, double.</summary>
    Fixed64 = 1,

    /// <summary>string, bytes, messages, packed repeated numbers.</summary>
    Length = 2,

    /// <summary>fixed32, sfixed32, float.</summary>
    Fixed32 = 5,
}

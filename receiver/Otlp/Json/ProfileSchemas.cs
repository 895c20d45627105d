namespace EbpfReceiver.Otlp;

/// <summary>
/// JSON schemas of profiles.proto (v1development). Nothing else reads these fields yet, so their numbers stand here.
/// </summary>
internal static class ProfileSchemas
{
    public static MessageSchema Profile()
    {
        MessageSchema valueType = new MessageSchema().Int32(1, "typeStrindex").Int32(2, "unitStrindex");
        return new MessageSchema()
            .Message(1, "sampleType", valueType)
            .Messages(2, "samples", new MessageSchema()
                .Int32(1, "stackIndex")
                .Int32s(2, "attributeIndices")
                .Int32(3, "linkIndex")
                .Int64s(4, "values")
                .Fixed64s(5, "timestampsUnixNano"))
            .Fixed64(3, "timeUnixNano")
            .UInt64(4, "durationNano")
            .Message(5, "periodType", valueType)
            .Int64(6, "period")
            .Id(7, "profileId")
            .UInt32(8, "droppedAttributesCount")
            .Text(9, "originalPayloadFormat")
            .Bytes(10, "originalPayload")
            .Int32s(11, "attributeIndices");
    }

    public static MessageSchema Dictionary() => new MessageSchema()
        .Messages(1, "mappingTable", new MessageSchema()
            .UInt64(1, "memoryStart")
            .UInt64(2, "memoryLimit")
            .UInt64(3, "fileOffset")
            .Int32(4, "filenameStrindex")
            .Int32s(5, "attributeIndices"))
        .Messages(2, "locationTable", new MessageSchema()
            .Int32(1, "mappingIndex")
            .UInt64(2, "address")
            .Messages(3, "lines", new MessageSchema()
                .Int32(1, "functionIndex")
                .Int64(2, "line")
                .Int64(3, "column"))
            .Int32s(4, "attributeIndices"))
        .Messages(3, "functionTable", new MessageSchema()
            .Int32(1, "nameStrindex")
            .Int32(2, "systemNameStrindex")
            .Int32(3, "filenameStrindex")
            .Int64(4, "startLine"))
        .Messages(4, "linkTable", new MessageSchema()
            .Id(1, "traceId")
            .Id(2, "spanId"))
        .Texts(ProfilesFields.Dictionary.StringTable, "stringTable")
        .Messages(6, "attributeTable", new MessageSchema()
            .Int32(1, "keyStrindex")
            .Message(2, "value", CommonSchemas.AnyValue)
            .Int32(3, "unitStrindex"))
        .Messages(7, "stackTable", new MessageSchema()
            .Int32s(1, "locationIndices"));
}

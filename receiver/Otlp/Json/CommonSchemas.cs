namespace EbpfReceiver.Otlp;

/// <summary>JSON schemas of common.proto and resource.proto, and the envelope that all signals share.</summary>
internal static class CommonSchemas
{
    static CommonSchemas()
    {
        MessageSchema array = new MessageSchema().Messages(CommonFields.ArrayValue.Values, "values", AnyValue);
        MessageSchema list = new MessageSchema().Messages(CommonFields.ArrayValue.Values, "values", KeyValue);
        AnyValue
            .Text(CommonFields.AnyValue.StringValue, "stringValue")
            .Bool(CommonFields.AnyValue.BoolValue, "boolValue")
            .Int64(CommonFields.AnyValue.IntValue, "intValue")
            .Double(CommonFields.AnyValue.DoubleValue, "doubleValue")
            .Message(CommonFields.AnyValue.ArrayValue, "arrayValue", array)
            .Message(CommonFields.AnyValue.KvlistValue, "kvlistValue", list)
            .Bytes(CommonFields.AnyValue.BytesValue, "bytesValue")
            .Int32(CommonFields.AnyValue.StringValueStrindex, "stringValueStrindex");
        KeyValue
            .Text(CommonFields.KeyValue.Key, "key")
            .Message(CommonFields.KeyValue.Value, "value", AnyValue)
            .Int32(CommonFields.KeyValue.KeyStrindex, "keyStrindex");
    }

    public static MessageSchema AnyValue { get; } = new();

    public static MessageSchema KeyValue { get; } = new();

    private static MessageSchema Resource { get; } = new MessageSchema()
        .Messages(CommonFields.Resource.Attributes, "attributes", KeyValue)
        .UInt32(CommonFields.Resource.DroppedAttributesCount, "droppedAttributesCount")
        .Messages(CommonFields.Resource.EntityRefs, "entityRefs", new MessageSchema()
            .Text(1, "schemaUrl").Text(2, "type").Texts(3, "idKeys").Texts(4, "descriptionKeys"));

    private static MessageSchema Scope { get; } = new MessageSchema()
        .Text(CommonFields.Scope.Name, "name")
        .Text(CommonFields.Scope.Version, "version")
        .Messages(CommonFields.Scope.Attributes, "attributes", KeyValue)
        .UInt32(CommonFields.Scope.DroppedAttributesCount, "droppedAttributesCount");

    /// <summary>The request of a signal around its items.</summary>
    public static MessageSchema Request(string resources, string scopes, string items, MessageSchema item)
    {
        MessageSchema perScope = new MessageSchema()
            .Message(RequestFields.PerScope.Scope, "scope", Scope)
            .Messages(RequestFields.PerScope.Items, items, item)
            .Text(RequestFields.PerScope.SchemaUrl, "schemaUrl");
        MessageSchema perResource = new MessageSchema()
            .Message(RequestFields.PerResource.Resource, "resource", Resource)
            .Messages(RequestFields.PerResource.Scopes, scopes, perScope)
            .Text(RequestFields.PerResource.SchemaUrl, "schemaUrl");
        return new MessageSchema().Messages(RequestFields.Resources, resources, perResource);
    }
}

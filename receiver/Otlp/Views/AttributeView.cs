namespace EbpfReceiver.Otlp;

/// <summary>A KeyValue in request bytes.</summary>
internal readonly ref struct AttributeView
{
    private readonly ReadOnlySpan<byte> _value;

    /// <param name="keyValue">An encoded KeyValue.</param>
    public AttributeView(ReadOnlySpan<byte> keyValue)
    {
        var fields = new ProtobufReader(keyValue);
        while (fields.Next())
        {
            if (fields.Is(CommonFields.KeyValue.Key))
                Key = fields.Bytes;
            else if (fields.Is(CommonFields.KeyValue.Value))
                _value = fields.Bytes;
        }
    }

    /// <summary>The key, UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value.</summary>
    public ValueView Value => new(_value);
}

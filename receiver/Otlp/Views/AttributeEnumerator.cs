namespace EbpfReceiver.Otlp;

/// <summary>Goes through the attributes of a message in request bytes; for <c>foreach</c>.</summary>
internal ref struct AttributeEnumerator
{
    private readonly int _field;
    private ProtobufReader _reader;

    internal AttributeEnumerator(ReadOnlySpan<byte> message, int field)
    {
        _reader = new ProtobufReader(message);
        _field = field;
    }

    /// <summary>The current attribute.</summary>
    public readonly AttributeView Current => new(_reader.Bytes);

    /// <summary>Itself.</summary>
    public readonly AttributeEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next attribute.</summary>
    public bool MoveNext()
    {
        while (_reader.Next())
        {
            if (_reader.Is(_field))
                return true;
        }
        return false;
    }

    /// <summary>Looks for a key from here on.</summary>
    internal bool TryFind(ReadOnlySpan<byte> key, out ValueView value)
    {
        while (MoveNext())
        {
            AttributeView attribute = Current;
            if (attribute.Key.SequenceEqual(key))
            {
                value = attribute.Value;
                return true;
            }
        }
        value = default;
        return false;
    }
}

namespace EbpfReceiver.Otlp;

/// <summary>The fields of a message, built with one line a field. Field numbers are below 64.</summary>
internal sealed class MessageSchema
{
    private readonly List<FieldSchema> _fields = [];

    /// <summary>The fields in the order in which they are written.</summary>
    public IReadOnlyList<FieldSchema> Fields => _fields;

    /// <summary>The field with a number, or null.</summary>
    public FieldSchema? Find(int number)
    {
        foreach (FieldSchema field in _fields)
        {
            if (field.Number == number)
                return field;
        }
        return null;
    }

    /// <summary>
    /// The field with a name as JSON has it, or null. Writers keep an order: the search begins at <paramref name="next"/>, which is
    /// set to the place after the field that was found.
    /// </summary>
    public FieldSchema? Find(ref System.Text.Json.Utf8JsonReader propertyName, ref int next)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            int at = next + i < _fields.Count ? next + i : next + i - _fields.Count;
            if (!propertyName.ValueTextEquals(_fields[at].Name.EncodedUtf8Bytes))
                continue;
            next = at + 1;
            return _fields[at];
        }
        return null;
    }

    public MessageSchema Text(int number, string name) => Add(number, name, FieldKind.Text, WireType.Length);

    public MessageSchema Texts(int number, string name) => Add(number, name, FieldKind.Text, WireType.Length, repeated: true);

    public MessageSchema Bytes(int number, string name) => Add(number, name, FieldKind.Bytes, WireType.Length);

    public MessageSchema Id(int number, string name) => Add(number, name, FieldKind.Hex, WireType.Length);

    public MessageSchema Int32(int number, string name) => Add(number, name, FieldKind.Int32, WireType.Varint);

    public MessageSchema Enum(int number, string name, EnumNames names) =>
        Add(number, name, FieldKind.Int32, WireType.Varint, names: names);

    public MessageSchema Int32s(int number, string name) => Add(number, name, FieldKind.Int32, WireType.Varint, repeated: true);

    public MessageSchema UInt32(int number, string name) => Add(number, name, FieldKind.UInt32, WireType.Varint);

    public MessageSchema Fixed32(int number, string name) => Add(number, name, FieldKind.UInt32, WireType.Fixed32);

    public MessageSchema SInt32(int number, string name) => Add(number, name, FieldKind.SInt32, WireType.Varint);

    public MessageSchema Int64(int number, string name) => Add(number, name, FieldKind.Int64, WireType.Varint);

    public MessageSchema Int64s(int number, string name) => Add(number, name, FieldKind.Int64, WireType.Varint, repeated: true);

    public MessageSchema UInt64(int number, string name) => Add(number, name, FieldKind.UInt64, WireType.Varint);

    public MessageSchema UInt64s(int number, string name) => Add(number, name, FieldKind.UInt64, WireType.Varint, repeated: true);

    public MessageSchema Fixed64(int number, string name) => Add(number, name, FieldKind.UInt64, WireType.Fixed64);

    public MessageSchema Fixed64s(int number, string name) => Add(number, name, FieldKind.UInt64, WireType.Fixed64, repeated: true);

    public MessageSchema SFixed64(int number, string name) => Add(number, name, FieldKind.Int64, WireType.Fixed64);

    public MessageSchema Double(int number, string name) => Add(number, name, FieldKind.Double, WireType.Fixed64);

    public MessageSchema Doubles(int number, string name) => Add(number, name, FieldKind.Double, WireType.Fixed64, repeated: true);

    public MessageSchema Bool(int number, string name) => Add(number, name, FieldKind.Bool, WireType.Varint);

    public MessageSchema Message(int number, string name, MessageSchema schema) =>
        Add(number, name, FieldKind.Message, WireType.Length, message: schema);

    public MessageSchema Messages(int number, string name, MessageSchema schema) =>
        Add(number, name, FieldKind.Message, WireType.Length, repeated: true, message: schema);

    private MessageSchema Add(
        int number,
        string name,
        FieldKind kind,
        WireType wireType,
        bool repeated = false,
        MessageSchema? message = null,
        EnumNames? names = null)
    {
        _fields.Add(new FieldSchema(number, name, kind, repeated, wireType, message, names));
        return this;
    }
}

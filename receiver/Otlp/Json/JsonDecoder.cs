using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Reads one JSON object as the protobuf message of a schema. Everything that is present is written, zeros too: in an AnyValue it makes a
/// difference. Unknown fields are left out, as the specification says.
/// </summary>
internal ref struct JsonDecoder
{
    /// <summary>An AnyValue in an array in an AnyValue is two messages and three levels of JSON.</summary>
    private const int MaxJsonDepth = 2 * JsonMessage.MaxDepth;

    /// <summary>Lengths of messages nested less deeply stay padded: moving a large content back would cost more than it saves.</summary>
    private const int MinimalFromDepth = 3;

    private readonly ProtobufWriter _output;
    private readonly int _maximum;
    private Utf8JsonReader _json;

    /// <param name="json">The whole document.</param>
    /// <param name="output">Where the message goes.</param>
    /// <param name="maximum">The most bytes it may have: JSON can grow on the way, as <c>0,</c> to a double of eight bytes.</param>
    public JsonDecoder(ReadOnlySpan<byte> json, ProtobufWriter output, int maximum)
    {
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxJsonDepth });
        _output = output;
        _maximum = maximum;
    }

    /// <summary>Why reading ended early, as a sentence; null while nothing is wrong.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether it ended because the message grew over its maximum.</summary>
    public bool TooLarge { get; private set; }

    /// <summary>Reads the document.</summary>
    /// <exception cref="JsonException">It is not JSON, or its objects and arrays are nested too deep.</exception>
    /// <exception cref="InvalidOperationException">A text is not UTF-8, or has half of a surrogate pair.</exception>
    public bool TryRead(MessageSchema schema)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
            return Expected("an object");
        // The last read finds what may follow the object, which is refused.
        return TryReadMessage(schema, depth: 0) && !_json.Read();
    }

    private bool TryReadMessage(MessageSchema schema, int depth)
    {
        if (depth > JsonMessage.MaxDepth)
            return Fail($"messages are nested more than {JsonMessage.MaxDepth} deep");
        int next = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            FieldSchema? field = schema.Find(ref _json, ref next);
            _json.Read();
            if (field is null)
                _json.Skip();
            else if (_json.TokenType != JsonTokenType.Null && !(field.Repeated ? TryReadAll(field, depth) : TryReadOne(field, depth)))
                return false;
        }
        return true;
    }

    private bool TryReadAll(FieldSchema field, int depth)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
            return Expected("an array", field);
        if (field.MayBePacked)
            return TryReadPacked(field);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (!TryReadOne(field, depth))
                return false;
        }
        return true;
    }

    private bool TryReadPacked(FieldSchema field)
    {
        int before = _output.Position;
        int start = _output.BeginPadded(Tag.Length(field.Number));
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (!TryReadNumber(field, out ulong number))
                return false;
            WriteNumber(field.WireType, number);
            if (!Fits())
                return false;
        }
        if (_output.Position == start)
            _output.Position = before;
        else
            _output.EndMinimal(start);
        return true;
    }

    private bool TryReadOne(FieldSchema field, int depth)
    {
        bool read = field.Kind switch
        {
            FieldKind.Message => TryReadChild(field, depth),
            FieldKind.Text => TryReadText(field),
            FieldKind.Bytes => TryReadBytes(field),
            FieldKind.Hex => TryReadHex(field),
            _ => TryReadTagged(field),
        };
        return read && Fits();
    }

    private bool TryReadChild(FieldSchema field, int depth)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
            return Expected("an object", field);
        int start = _output.BeginPadded(Tag.Length(field.Number));
        if (!TryReadMessage(field.Message!, depth + 1))
            return false;
        if (depth < MinimalFromDepth)
            _output.EndPadded(start);
        else
            _output.EndMinimal(start);
        return true;
    }

    private bool TryReadText(FieldSchema field)
    {
        if (_json.TokenType != JsonTokenType.String)
            return Expected("a string", field);
        if (!_json.ValueIsEscaped)
        {
            if (!Utf8.IsValid(_json.ValueSpan))
                return Expected("valid UTF-8", field);
            _output.WriteBytes(Tag.Length(field.Number), _json.ValueSpan);
            return true;
        }
        int start = _output.BeginPadded(Tag.Length(field.Number));
        _output.Advance(_json.CopyString(_output.Reserve(_json.ValueSpan.Length)));
        _output.EndMinimal(start);
        return true;
    }

    /// <summary>base64 of either alphabet, padded or not, as the general JSON mapping of protobuf has it.</summary>
    private bool TryReadBytes(FieldSchema field)
    {
        if (_json.TokenType != JsonTokenType.String)
            return Expected("base64", field);
        int start = _output.BeginPadded(Tag.Length(field.Number));
        ReadOnlySpan<byte> text = Unescape(out Span<byte> room);
        if (Base64.DecodeFromUtf8(text, room, out _, out int decoded) != OperationStatus.Done
            && Base64Url.DecodeFromUtf8(text, room, out _, out decoded) != OperationStatus.Done)
            return Expected("base64", field);
        _output.Advance(decoded);
        _output.EndMinimal(start);
        return true;
    }

    private bool TryReadHex(FieldSchema field)
    {
        if (_json.TokenType != JsonTokenType.String)
            return Expected("hexadecimal digits", field);
        int start = _output.BeginPadded(Tag.Length(field.Number));
        ReadOnlySpan<byte> text = Unescape(out Span<byte> room);
        if (Convert.FromHexString(text, room, out _, out int decoded) != OperationStatus.Done)
            return Expected("an even number of hexadecimal digits", field);
        _output.Advance(decoded);
        _output.EndMinimal(start);
        return true;
    }

    /// <summary>The string at hand without escapes, in the reserve of the output; what it is decoded to has room before it.</summary>
    private ReadOnlySpan<byte> Unescape(out Span<byte> room)
    {
        int length = _json.ValueSpan.Length;
        Span<byte> reserve = _output.Reserve(2 * length);
        room = reserve[..length];
        Span<byte> text = reserve.Slice(length, length);
        return text[.._json.CopyString(text)];
    }

    private bool TryReadTagged(FieldSchema field)
    {
        if (!TryReadNumber(field, out ulong number))
            return false;
        Span<byte> room = _output.Reserve(Varint.MaxBytes);
        _output.Advance(Varint.Write(room, 0, (uint)field.Number << 3 | (uint)field.WireType));
        WriteNumber(field.WireType, number);
        return true;
    }

    private bool TryReadNumber(FieldSchema field, out ulong number) =>
        JsonNumber.TryRead(ref _json, field, out number) || Expected(JsonNumber.Expected(field), field);

    private readonly void WriteNumber(WireType wireType, ulong number)
    {
        Span<byte> room = _output.Reserve(Varint.MaxBytes);
        switch (wireType)
        {
            case WireType.Varint:
                _output.Advance(Varint.Write(room, 0, number));
                break;
            case WireType.Fixed64:
                BinaryPrimitives.WriteUInt64LittleEndian(room, number);
                _output.Advance(8);
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(room, (uint)number);
                _output.Advance(4);
                break;
        }
    }

    private bool Fits()
    {
        if (_output.Position <= _maximum)
            return true;
        TooLarge = true;
        return Fail($"the message takes more than {_maximum} bytes as protobuf");
    }

    private bool Expected(string what, FieldSchema? field = null) =>
        Fail($"expected {what}{(field is null ? "" : $" for {field.Name}")} at byte {_json.TokenStartIndex}");

    private bool Fail(string problem)
    {
        Problem ??= problem;
        return false;
    }
}

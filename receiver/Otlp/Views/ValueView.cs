using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EbpfReceiver.Otlp;

/// <summary>An AnyValue in request bytes; not decoded before it is asked for.</summary>
internal readonly ref struct ValueView
{
    private readonly ulong _number;

    /// <param name="anyValue">An encoded AnyValue.</param>
    public ValueView(ReadOnlySpan<byte> anyValue)
    {
        var fields = new ProtobufReader(anyValue);
        while (fields.Next())
        {
            ValueKind kind = KindOf(fields.Field, fields.WireType);
            if (kind == ValueKind.Empty)
                continue;
            Kind = kind;
            Bytes = fields.Bytes;
            _number = fields.Number;
        }
    }

    /// <summary>What the value is.</summary>
    public ValueKind Kind { get; }

    /// <summary>The content of a text, array, list or bytes value.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>An integer value.</summary>
    public long Int => (long)_number;

    /// <summary>A floating-point value.</summary>
    public double Double => BitConverter.UInt64BitsToDouble(_number);

    /// <summary>A boolean value.</summary>
    public bool Bool => _number != 0;

    /// <summary>The value as text; arrays and lists as JSON, bytes as base64.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Text => Encoding.UTF8.GetString(Bytes),
        ValueKind.Bool => Bool ? "true" : "false",
        ValueKind.Int => Int.ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => Double.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Bytes => Convert.ToBase64String(Bytes),
        ValueKind.Array or ValueKind.List => ToJson(),
        _ => "",
    };

    private static ValueKind KindOf(int field, WireType wireType) => (field, wireType) switch
    {
        (CommonFields.AnyValue.StringValue, WireType.Length) => ValueKind.Text,
        (CommonFields.AnyValue.BoolValue, WireType.Varint) => ValueKind.Bool,
        (CommonFields.AnyValue.IntValue, WireType.Varint) => ValueKind.Int,
        (CommonFields.AnyValue.DoubleValue, WireType.Fixed64) => ValueKind.Double,
        (CommonFields.AnyValue.ArrayValue, WireType.Length) => ValueKind.Array,
        (CommonFields.AnyValue.KvlistValue, WireType.Length) => ValueKind.List,
        (CommonFields.AnyValue.BytesValue, WireType.Length) => ValueKind.Bytes,
        _ => ValueKind.Empty,
    };

    private string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = OtlpJson.Writer(buffer))
            WriteJson(json, this, 0);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteJson(Utf8JsonWriter json, in ValueView value, int depth)
    {
        // Deeper values are cut: this is for labels and terminals.
        if (depth > 16)
        {
            json.WriteNullValue();
            return;
        }
        switch (value.Kind)
        {
            case ValueKind.Array:
                json.WriteStartArray();
                var items = new ProtobufReader(value.Bytes);
                while (items.Next())
                {
                    if (items.Is(CommonFields.ArrayValue.Values))
                        WriteJson(json, new ValueView(items.Bytes), depth + 1);
                }
                json.WriteEndArray();
                break;
            case ValueKind.List:
                json.WriteStartObject();
                var pairs = new AttributeEnumerator(value.Bytes, CommonFields.ArrayValue.Values);
                while (pairs.MoveNext())
                {
                    json.WritePropertyName(Encoding.UTF8.GetString(pairs.Current.Key));
                    WriteJson(json, pairs.Current.Value, depth + 1);
                }
                json.WriteEndObject();
                break;
            case ValueKind.Int:
                json.WriteNumberValue(value.Int);
                break;
            case ValueKind.Bool:
                json.WriteBooleanValue(value.Bool);
                break;
            case ValueKind.Empty:
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace EbpfReceiver.Otlp;

/// <summary>Writes one protobuf message as a JSON object, led by its schema.</summary>
internal static class JsonMessage
{
    /// <summary>AnyValue nests without end; no sane attribute comes near.</summary>
    public const int MaxDepth = 64;

    public static bool TryWrite(Utf8JsonWriter json, MessageSchema schema, ReadOnlySpan<byte> message, int depth)
    {
        if (depth > MaxDepth)
            return false;
        ulong present = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
            present |= reader.Field < 64 ? 1UL << reader.Field : 0;
        if (reader.Malformed)
            return false;

        json.WriteStartObject();
        for (int i = 0; i < schema.Fields.Count; i++)
        {
            FieldSchema field = schema.Fields[i];
            if ((present & (1UL << field.Number)) == 0)
                continue;
            bool written = field.Repeated ? TryWriteRepeated(json, field, message, depth) : TryWriteLast(json, field, message, depth);
            if (!written)
                return false;
        }
        json.WriteEndObject();
        return true;
    }

    /// <summary>The last occurrence of a field counts.</summary>
    private static bool TryWriteLast(Utf8JsonWriter json, FieldSchema field, ReadOnlySpan<byte> message, int depth)
    {
        bool found = false;
        ulong number = 0;
        ReadOnlySpan<byte> bytes = default;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != field.Number || reader.WireType != field.WireType)
                continue;
            found = true;
            number = reader.Number;
            bytes = reader.Bytes;
        }
        if (!found)
            return true;
        json.WritePropertyName(field.Name);
        return TryWriteValue(json, field, number, bytes, depth);
    }

    private static bool TryWriteRepeated(Utf8JsonWriter json, FieldSchema field, ReadOnlySpan<byte> message, int depth)
    {
        json.WritePropertyName(field.Name);
        json.WriteStartArray();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != field.Number)
                continue;
            if (reader.WireType == field.WireType)
            {
                if (!TryWriteValue(json, field, reader.Number, reader.Bytes, depth))
                    return false;
            }
            else if (field.MayBePacked && reader.WireType == WireType.Length && !TryWritePacked(json, field, reader.Bytes))
            {
                return false;
            }
        }
        json.WriteEndArray();
        return true;
    }

    private static bool TryWritePacked(Utf8JsonWriter json, FieldSchema field, ReadOnlySpan<byte> packed)
    {
        int at = 0;
        while (at < packed.Length)
        {
            ulong number;
            if (field.WireType == WireType.Varint)
            {
                if (!ProtobufReader.TryReadVarint(packed, ref at, out number))
                    return false;
            }
            else
            {
                if (!BinaryPrimitives.TryReadUInt64LittleEndian(packed[at..], out number))
                    return false;
                at += 8;
            }
            TryWriteValue(json, field, number, default, 0);
        }
        return true;
    }

    private static bool TryWriteValue(Utf8JsonWriter json, FieldSchema field, ulong number, ReadOnlySpan<byte> bytes, int depth)
    {
        switch (field.Kind)
        {
            case FieldKind.Message:
                return TryWrite(json, field.Message!, bytes, depth + 1);
            case FieldKind.Text:
                WriteText(json, bytes);
                return true;
            case FieldKind.Bytes:
                json.WriteBase64StringValue(bytes);
                return true;
            case FieldKind.Hex:
                WriteHex(json, bytes);
                return true;
            case FieldKind.Int32:
                json.WriteNumberValue((int)number);
                return true;
            case FieldKind.UInt32:
                json.WriteNumberValue((uint)number);
                return true;
            case FieldKind.SInt32:
                json.WriteNumberValue(Varint.UnZigZag(number));
                return true;
            case FieldKind.Int64:
                WriteQuoted(json, (long)number);
                return true;
            case FieldKind.UInt64:
                WriteQuoted(json, number);
                return true;
            case FieldKind.Bool:
                json.WriteBooleanValue(number != 0);
                return true;
            default:
                WriteDouble(json, BitConverter.UInt64BitsToDouble(number));
                return true;
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
        {
            json.WriteStringValue(utf8);
            return;
        }
        byte[] repaired = Utf8Text.Repair(utf8, out int length);
        json.WriteStringValue(repaired.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(repaired);
    }

    private static void WriteHex(Utf8JsonWriter json, ReadOnlySpan<byte> id)
    {
        Span<byte> hex = stackalloc byte[64];
        // Ids have 8 or 16 bytes; what is longer came from a sender that is wrong anyway.
        if (Convert.TryToHexStringLower(id[..Math.Min(id.Length, hex.Length / 2)], hex, out int written))
            json.WriteStringValue(hex[..written]);
    }

    private static void WriteQuoted<T>(Utf8JsonWriter json, T number)
        where T : IUtf8SpanFormattable
    {
        Span<byte> digits = stackalloc byte[24];
        number.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        json.WriteStringValue(digits[..written]);
    }

    private static void WriteDouble(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
    }
}

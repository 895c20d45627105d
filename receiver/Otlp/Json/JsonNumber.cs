using System.Buffers.Text;
using System.Text.Json;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Numbers, true and false of JSON as the bits of a protobuf field. 64-bit integers may be strings or numbers, and so may all others; a
/// number with a fraction or an exponent counts as an integer if it is one.
/// </summary>
internal static class JsonNumber
{
    /// <summary>The longest text of a number that is looked at: a double takes 24 characters, the name of an enum's value 37.</summary>
    private const int MaximumText = 64;

    /// <summary>The value of the token at hand as the field has it on the wire; false if it is none.</summary>
    public static bool TryRead(ref Utf8JsonReader json, FieldSchema field, out ulong bits)
    {
        bits = 0;
        switch (json.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                bits = json.TokenType == JsonTokenType.True ? 1u : 0u;
                return field.Kind == FieldKind.Bool;
            case JsonTokenType.Number:
                return TryParse(json.ValueSpan, field.Kind, out bits);
            case JsonTokenType.String when json.ValueSpan.Length <= MaximumText:
                Span<byte> copy = stackalloc byte[MaximumText];
                ReadOnlySpan<byte> text = copy[..json.CopyString(copy)];
                if (TryParse(text, field.Kind, out bits) || (field.Kind == FieldKind.Double && TryParseSpecial(text, out bits)))
                    return true;
                if (field.Names is null || !field.Names.TryFind(text, out int number))
                    return false;
                bits = (ulong)number;
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a field takes, for people.</summary>
    public static string Expected(FieldSchema field) => field.Kind switch
    {
        FieldKind.Bool => "true or false",
        FieldKind.Double => "a number",
        FieldKind.UInt32 => "a whole number from 0 to 4294967295",
        FieldKind.UInt64 => "a whole number from 0 to 18446744073709551615",
        FieldKind.Int64 => "a whole number of 64 bits",
        _ => "a whole number of 32 bits",
    };

    private static bool TryParse(ReadOnlySpan<byte> text, FieldKind kind, out ulong bits)
    {
        bits = 0;
        switch (kind)
        {
            case FieldKind.Double:
                bool parsed = TryParseDouble(text, out double value);
                bits = BitConverter.DoubleToUInt64Bits(value);
                return parsed;
            case FieldKind.UInt32 or FieldKind.UInt64:
                return TryParseUnsigned(text, out bits) && (kind == FieldKind.UInt64 || bits <= uint.MaxValue);
            case FieldKind.Int32 or FieldKind.SInt32 or FieldKind.Int64:
                if (!TryParseSigned(text, out long number) || (kind != FieldKind.Int64 && number != (int)number))
                    return false;
                bits = kind == FieldKind.SInt32 ? Varint.ZigZag((int)number) : (ulong)number;
                return true;
            default:
                return false;
        }
    }

    private static bool TryParseSigned(ReadOnlySpan<byte> text, out long number)
    {
        if (Utf8Parser.TryParse(text, out number, out int used) && used == text.Length)
            return true;
        // 2^63 itself is no long.
        if (!TryParseDouble(text, out double value) || value != Math.Truncate(value)
            || value is < long.MinValue or >= 9223372036854775808.0)
            return false;
        number = (long)value;
        return true;
    }

    private static bool TryParseUnsigned(ReadOnlySpan<byte> text, out ulong number)
    {
        if (Utf8Parser.TryParse(text, out number, out int used) && used == text.Length)
            return true;
        if (!TryParseDouble(text, out double value) || value != Math.Truncate(value) || value is < 0 or >= 18446744073709551616.0)
            return false;
        number = (ulong)value;
        return true;
    }

    /// <summary>A finite number: one that is too large for a double is none, and the words have a place of their own.</summary>
    private static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && double.IsFinite(value);

    private static bool TryParseSpecial(ReadOnlySpan<byte> text, out ulong bits)
    {
        double value = text.SequenceEqual("NaN"u8) ? double.NaN
            : text.SequenceEqual("Infinity"u8) ? double.PositiveInfinity
            : double.NegativeInfinity;
        bits = BitConverter.DoubleToUInt64Bits(value);
        return !double.IsNegativeInfinity(value) || text.SequenceEqual("-Infinity"u8);
    }
}

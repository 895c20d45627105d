using System.Globalization;
using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A value on its way through decoders: as the kernel gave it at first, as an attribute has it at the end.</summary>
public readonly record struct DecodedValue
{
    private readonly ulong _number;
    private readonly string? _text;

    private DecodedValue(DecodedKind kind, ulong number, string? text, ReadOnlyMemory<byte> bytes)
    {
        Kind = kind;
        _number = number;
        _text = text;
        Bytes = bytes;
    }

    /// <summary>Nothing: the attribute is left out.</summary>
    public static DecodedValue None => default;

    /// <summary>What it is.</summary>
    public DecodedKind Kind { get; }

    /// <summary>The bytes, if it is bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A number that may be negative.</summary>
    public static DecodedValue Signed(long value) => new(DecodedKind.Signed, (ulong)value, null, default);

    /// <summary>A number that is not negative.</summary>
    public static DecodedValue Unsigned(ulong value) => new(DecodedKind.Unsigned, value, null, default);

    /// <summary>True or false.</summary>
    public static DecodedValue Boolean(bool value) => new(DecodedKind.Boolean, value ? 1UL : 0, null, default);

    /// <summary>Bytes; the caller does not change them any more.</summary>
    public static DecodedValue Of(ReadOnlyMemory<byte> bytes) => new(DecodedKind.Bytes, 0, null, bytes);

    /// <summary>Text.</summary>
    public static DecodedValue Of(string text) => new(DecodedKind.Text, 0, text, default);

    /// <summary>
    /// The number: of at most eight bytes what they hold, in the machine's order; of text what it says, in decimal or after 0x. False if it is none.
    /// </summary>
    public bool TryGetNumber(out long number)
    {
        number = (long)_number;
        switch (Kind)
        {
            case DecodedKind.Signed or DecodedKind.Unsigned or DecodedKind.Boolean:
                return true;
            case DecodedKind.Bytes when Bytes.Length is > 0 and <= sizeof(ulong):
                Span<byte> wide = stackalloc byte[sizeof(ulong)];
                wide.Clear();
                Bytes.Span.CopyTo(wide);
                number = BitConverter.ToInt64(wide);
                return true;
            case DecodedKind.Text when _text!.StartsWith("0x", StringComparison.Ordinal):
                return long.TryParse(_text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
            case DecodedKind.Text:
                return long.TryParse(_text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
            default:
                return false;
        }
    }

    /// <summary>It as text: numbers in decimal, bytes as UTF-8 up to the first NUL, nothing as an empty text.</summary>
    public override string ToString() => Kind switch
    {
        DecodedKind.Signed => ((long)_number).ToString(CultureInfo.InvariantCulture),
        DecodedKind.Unsigned => _number.ToString(CultureInfo.InvariantCulture),
        DecodedKind.Boolean => _number != 0 ? "true" : "false",
        DecodedKind.Bytes => TextOf(Bytes.Span),
        DecodedKind.Text => _text!,
        _ => "",
    };

    private static string TextOf(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}

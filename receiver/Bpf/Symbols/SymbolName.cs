using System.Globalization;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A symbol as it is asked for: <c>name</c>, <c>name@VERSION</c> (also <c>name@@VERSION</c>), and behind it <c>+0x10</c> for an instruction
/// within the function.
/// </summary>
internal readonly record struct SymbolName(byte[] Name, byte[]? Version, ulong Offset)
{
    public static SymbolName Parse(string symbol)
    {
        var offset = TakeOffset(ref symbol);
        var at = symbol.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
            return new(Encoding.UTF8.GetBytes(symbol), null, offset);
        return new(Encoding.UTF8.GetBytes(symbol[..at]), Encoding.UTF8.GetBytes(symbol[at..].TrimStart('@')), offset);
    }

    /// <summary>Parts <c>name+NUMBER</c>, in decimal or hexadecimal; what has no number behind its last '+' stays as it is.</summary>
    public static ulong TakeOffset(ref string symbol)
    {
        var plus = symbol.LastIndexOf('+');
        if (plus <= 0 || !TryParse(symbol.AsSpan(plus + 1).Trim(), out var offset))
            return 0;
        symbol = symbol[..plus].TrimEnd();
        return offset;
    }

    /// <summary>A number in decimal, or in hexadecimal with 0x.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value)
        => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

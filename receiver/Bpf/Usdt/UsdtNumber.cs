using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Numbers as assemblers write them: decimal or hexadecimal, with a sign.</summary>
internal static class UsdtNumber
{
    public static bool TryParse(ReadOnlySpan<char> text, out long value)
    {
        text = text.Trim();
        var isNegative = text.StartsWith("-");
        if (isNegative || text.StartsWith("+"))
            text = text[1..].TrimStart();
        var isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var parsed = isHexadecimal
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var magnitude)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out magnitude);
        // A constant may be written as an unsigned 64-bit number.
        value = unchecked(isNegative ? -(long)magnitude : (long)magnitude);
        return parsed && (!isNegative || magnitude <= 1UL << 63);
    }
}

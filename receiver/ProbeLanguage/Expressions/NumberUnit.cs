using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What may stand behind a number.</summary>
internal static class NumberUnit
{
    /// <summary>Units of time, for messages.</summary>
    public const string Times = "ns us ms s m h d";

    /// <summary>Units of size, for messages.</summary>
    public const string Sizes = "k M G KiB MiB GiB";

    /// <summary>A number with an optional fraction, and a unit, an exponent or the suffixes of C behind it.</summary>
    /// <param name="digits">Digits, with at most one dot.</param>
    /// <param name="suffix">What follows them.</param>
    /// <param name="value">The value: nanoseconds, bytes, or a plain number.</param>
    /// <param name="isTime">Whether the unit is one of time.</param>
    public static bool TryRead(string digits, string suffix, out ulong value, out bool isTime)
    {
        (ulong factor, isTime) = suffix switch
        {
            "" or "u" or "U" or "l" or "L" or "ul" or "UL" or "ull" or "ULL" or "ll" or "LL" => (1UL, false),
            "ns" => (1UL, true),
            "us" or "µs" => (1_000UL, true),
            "ms" => (1_000_000UL, true),
            "s" => (1_000_000_000UL, true),
            "m" or "min" => (60_000_000_000UL, true),
            "h" => (3_600_000_000_000UL, true),
            "d" => (86_400_000_000_000UL, true),
            "k" => (1_000UL, false),
            "M" => (1_000_000UL, false),
            "G" => (1_000_000_000UL, false),
            "K" or "Ki" or "KiB" => (1UL << 10, false),
            "Mi" or "MiB" => (1UL << 20, false),
            "Gi" or "GiB" => (1UL << 30, false),
            _ when suffix.Length is 2 or 3 && suffix[0] is 'e' or 'E'
                && int.TryParse(suffix.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int power) && power <= 18
                => (PowerOfTen(power), false),
            _ => (0UL, false),
        };

        value = 0;
        if (factor == 0)
            return false;
        if (!digits.Contains('.'))
        {
            if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong whole) || whole > ulong.MaxValue / factor)
                return false;
            value = whole * factor;
            return true;
        }

        // Exact in decimal; a fraction that is no whole number of the smallest unit is a mistake.
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || number > 1_000_000_000)
            return false;
        decimal scaled = number * factor;
        if (scaled > ulong.MaxValue || scaled != decimal.Truncate(scaled))
            return false;
        value = (ulong)scaled;
        return true;
    }

    private static ulong PowerOfTen(int power)
    {
        ulong result = 1;
        for (int i = 0; i < power; i++)
            result *= 10;
        return result;
    }
}

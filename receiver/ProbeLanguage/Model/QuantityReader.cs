using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Values with units: <c>10m</c>, <c>50/s</c>, <c>20k/s</c>, <c>1%</c>.</summary>
internal static class QuantityReader
{
    /// <summary>A time; null, with an error, if it is none or not in the range.</summary>
    public static TimeSpan? Time(FieldReader fields, string name, TimeSpan least, TimeSpan most)
    {
        if (!fields.TryScalar(name, $"a time such as 10m or 500ms", out YamlScalar? scalar))
            return null;
        if (TryTime(scalar.Text, out long nanoseconds))
        {
            var time = TimeSpan.FromTicks(nanoseconds / 100);
            if (time >= least && time <= most)
                return time;
            fields.Fail(name, $"a time from {Shown(least)} to {Shown(most)} is expected, not {scalar.Text}");
            return null;
        }

        fields.Fail(name, $"a time with its unit is expected ({NumberUnit.Times}), such as 10m, not {scalar.Describe()}");
        return null;
    }

    /// <summary>A limit, from "50/s", "3k/m" or "50"; null, with an error, if it is none.</summary>
    public static EventRate? Rate(FieldReader fields, string name)
    {
        if (!fields.TryScalar(name, "a rate such as 50/s", out YamlScalar? scalar))
            return null;
        string text = scalar.Text.Trim();
        int slash = text.IndexOf('/');
        int? seconds = slash < 0 ? 1 : text[(slash + 1)..].Trim() switch
        {
            "s" or "sec" or "second" => 1,
            "m" or "min" or "minute" => 60,
            "h" or "hour" => 3600,
            _ => null,
        };
        string number = slash < 0 ? text : text[..slash].Trim();
        if (seconds is { } period && TryNumber(number, out decimal value) && value is >= 1 and <= 1_000_000_000 && value == decimal.Truncate(value))
            return new((int)value, TimeSpan.FromSeconds(period));
        fields.Fail(name, $"a rate is expected, such as 50/s, 3/m or 20k/s, not {scalar.Describe()}");
        return null;
    }

    /// <summary>A share, from "1%" or "0.01"; null, with an error, if it is none.</summary>
    public static double? Share(FieldReader fields, string name)
    {
        if (!fields.TryScalar(name, "a share such as 1%", out YamlScalar? scalar))
            return null;
        string text = scalar.Text.Trim();
        bool percent = text.EndsWith('%');
        if (decimal.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
        {
            double share = (double)value / (percent ? 100 : 1);
            // Many CPUs can be meant: 200% is two of them.
            if (share is > 0 and <= 64 && (percent || share <= 1))
                return share;
        }

        fields.Fail(name, $"a share of one CPU is expected, such as 1% or 0.01, not {scalar.Describe()}");
        return null;
    }

    /// <summary>A number with a decimal unit (k M G) or size (KiB MiB GiB).</summary>
    public static bool TryNumber(string text, out decimal value)
    {
        text = text.Replace("_", "");
        int digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        value = 0;
        decimal? factor = text[digits..].Trim() switch
        {
            "" => 1,
            "k" => 1_000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "K" or "Ki" or "KiB" => 1 << 10,
            "Mi" or "MiB" => 1 << 20,
            "Gi" or "GiB" => 1 << 30,
            _ => null,
        };
        if (factor is null || digits is 0 or > 20
            || !decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            || value > 1_000_000_000_000_000_000)
        {
            return false;
        }

        value *= factor.Value;
        return true;
    }

    /// <summary>A time with its unit, in nanoseconds.</summary>
    public static bool TryTime(string text, out long nanoseconds)
    {
        text = text.Trim().Replace("_", "");
        int digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
            digits++;
        nanoseconds = 0;
        if (digits == 0 || !NumberUnit.TryRead(text[..digits], text[digits..].Trim(), out ulong value, out bool isTime) || !isTime || value > long.MaxValue)
            return false;
        nanoseconds = (long)value;
        return true;
    }

    private static string Shown(TimeSpan time) =>
        time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0.######}ms"
        : time.TotalHours >= 1 ? $"{time.TotalHours:0.##}h"
        : $"{time.TotalSeconds:0.###}s";
}

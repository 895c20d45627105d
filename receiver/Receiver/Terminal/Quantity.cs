using System.Globalization;

namespace EbpfReceiver.Terminal;

/// <summary>Numbers as people read them: three digits that matter, and a unit.</summary>
internal static class Quantity
{
    private static readonly string[] s_binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Bytes: <c>512 B</c>, <c>1.2 KiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        int unit = 0;
        while (Math.Abs(bytes) >= 1023.5 && unit < s_binary.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return $"{Digits(bytes, unit == 0)} {s_binary[unit]}";
    }

    /// <summary>A duration in seconds: <c>0 s</c>, <c>950 ns</c>, <c>12 µs</c>, <c>1.3 ms</c>, <c>2.5 s</c>, <c>3 min 5 s</c>, <c>2 h 4 min</c>.</summary>
    public static string Seconds(double seconds)
    {
        if (!double.IsFinite(seconds))
            return seconds.ToString(CultureInfo.InvariantCulture) + " s";
        double size = Math.Abs(seconds);
        if (size == 0)
            return "0 s";
        if (size < 0.9995e-6)
            return $"{Digits(seconds * 1e9, true)} ns";
        if (size < 0.9995e-3)
            return $"{Digits(seconds * 1e6)} µs";
        if (size < 0.9995)
            return $"{Digits(seconds * 1e3)} ms";
        if (size < 119.5)
            return $"{Digits(seconds)} s";
        var whole = TimeSpan.FromSeconds(Math.Round(Math.Clamp(seconds, -1e10, 1e10)));
        return whole.TotalHours < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)whole.TotalMinutes} min {whole.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(long)whole.TotalHours:N0} h {whole.Minutes} min");
    }

    /// <summary>A count: <c>7</c>, <c>12,345</c>.</summary>
    public static string Count(double count) => Math.Round(count).ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate a second: <c>0.3/s</c>, <c>12/s</c>, <c>1,234/s</c>.</summary>
    public static string Rate(double perSecond) => (perSecond >= 1000 ? Count(perSecond) : Digits(perSecond)) + "/s";

    /// <summary>A share of one CPU: <c>3.2%</c>, <c>150%</c>.</summary>
    public static string Percent(double share) => Digits(share * 100) + "%";

    private static string Digits(double value, bool whole = false)
    {
        string format = whole || Math.Abs(value) >= 99.95 ? "0" : Math.Abs(value) >= 9.995 ? "0.#" : "0.##";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}

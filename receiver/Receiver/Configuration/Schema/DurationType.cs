using System.Globalization;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A duration with its unit, as Go and the Collector write it: <c>200ms</c>, <c>10s</c>, <c>1m30s</c>; a plain <c>0</c> too.</summary>
internal sealed class DurationType(TimeSpan minimum, TimeSpan maximum, string range) : ScalarType<TimeSpan>("duration", $"a duration {range}")
{
    private static readonly (string Unit, double Seconds)[] s_units = [("us", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600)];

    public override bool TryParse(string text, out TimeSpan value) =>
        TryParseDuration(text, out value) && value >= minimum && value <= maximum;

    public override void WriteSchema(Utf8JsonWriter writer) => WritePattern(writer, @"^(\d+(\.\d+)?(us|ms|s|m|h))+$|^0$");

    public static bool TryParseDuration(ReadOnlySpan<char> text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text is "0")
            return true;
        if (text.IsEmpty)
            return false;

        double seconds = 0;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return false;
            text = text[digits..];
            int letters = text.IndexOfAny("0123456789.");
            ReadOnlySpan<char> unit = letters < 0 ? text : text[..letters];
            double factor = 0;
            foreach ((string name, double s) in s_units)
            {
                if (unit.SequenceEqual(name))
                    factor = s;
            }

            if (factor == 0)
                return false;
            seconds += number * factor;
            text = text[unit.Length..];
        }

        if (!(seconds <= TimeSpan.MaxValue.TotalSeconds / 2))
            return false;
        value = TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return true;
    }
}

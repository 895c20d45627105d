using System.Globalization;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A size in bytes: <c>262144</c>, <c>256KiB</c>, <c>16MiB</c>.</summary>
internal sealed class SizeType(long minimum, long maximum, string range) : ScalarType<long>("size", $"a size {range}")
{
    private static readonly (string Unit, int Shift)[] s_units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0)];

    public override bool TryParse(string text, out long value)
    {
        int shift = 0;
        ReadOnlySpan<char> number = text;
        foreach ((string unit, int s) in s_units)
        {
            if (number.EndsWith(unit))
            {
                number = number[..^unit.Length].TrimEnd(' ');
                shift = s;
                break;
            }
        }

        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out value) || value > long.MaxValue >> shift)
            return false;
        value <<= shift;
        return value >= minimum && value <= maximum;
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("type");
        writer.WriteStringValue("string");
        writer.WriteStringValue("integer");
        writer.WriteEndArray();
        writer.WriteString("pattern", $@"^\d+ ?(B|KiB|MiB|GiB)?$|{VariablePattern}");
    }
}

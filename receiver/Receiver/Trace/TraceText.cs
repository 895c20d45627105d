using System.Globalization;
using EbpfReceiver.Terminal;

namespace EbpfReceiver.Trace;

/// <summary>Tables as lines of text: keys with their values, and histograms drawn with bars.</summary>
/// <param name="rowsShown">More rows of a map are only counted.</param>
internal sealed class TraceText(int rowsShown)
{
    private const int BarWidth = 40;
    private const int KeyWidth = 60;

    /// <summary>The lines of all maps of a probe.</summary>
    public IEnumerable<string> Lines(TraceProbe probe)
    {
        foreach (TraceMap map in probe.Maps)
        {
            foreach (string line in map.IsHistogram ? Histograms(map) : Table(map)) yield return line;
            yield return "";
        }

        if (probe.LowestSamplingRatio < 1)
            yield return $"{probe.Name}: to keep within its budget it looked at 1 of {1 / probe.LowestSamplingRatio:0} hits at times, which count for the others";
        foreach ((string cause, long count) in probe.Losses)
            yield return $"{probe.Name}: {count} {cause.Replace('_', ' ')}";
    }

    private IEnumerable<string> Table(TraceMap map)
    {
        yield return Title(map);
        if (map.Rows.Count == 0) yield return "  (nothing yet)";
        int width = map.Rows.Take(rowsShown).Select(r => Key(r).Length).DefaultIfEmpty(0).Max();
        foreach (TraceRow row in map.Rows.Take(rowsShown)) yield return $"  {Key(row).PadRight(width)}  {Number(row.Value, row.Whole),12}{(map.IsAverage ? $" of {row.Count}, {Number(row.Sum, row.WholeSum)} in all" : "")}";
        if (map.Rows.Count > rowsShown) yield return $"  … and {map.Rows.Count - rowsShown} more";
    }

    private IEnumerable<string> Histograms(TraceMap map)
    {
        yield return Title(map);
        if (map.Rows.Count == 0) yield return "  (nothing yet)";
        foreach (TraceRow row in map.Rows.Take(rowsShown))
        {
            double average = row.Value > 0 ? row.Sum / row.Value : 0;
            string key = row.Key.Count > 0 || row.IsOverflow ? Key(row) + ": " : "";
            yield return $"  {key}{row.Value.ToString("0", CultureInfo.InvariantCulture)} values, average {Shown(average, map)}, "
                + $"least {Shown(row.Minimum, map)}, greatest {Shown(row.Maximum, map)}";
            ulong most = row.Buckets.Select(b => b.Count).DefaultIfEmpty(1UL).Max();
            foreach (TraceBucket bucket in row.Buckets)
            {
                int bar = (int)Math.Round((double)bucket.Count / most * BarWidth);
                yield return $"  {Range(bucket, map),-24} {bucket.Count,10} |{new string('@', bar).PadRight(BarWidth)}|";
            }
        }

        if (map.Rows.Count > rowsShown) yield return $"  … and {map.Rows.Count - rowsShown} more";
    }

    private static string Title(TraceMap map)
    {
        string keys = map.Keys.Count > 0 ? $"[{string.Join(", ", map.Keys)}]" : "";
        return $"{map.Name}{keys}{(map.Unit.Length > 0 ? $" in {map.Unit}" : "")}";
    }

    private static string Key(TraceRow row)
    {
        if (row.IsOverflow) return "(others: the map is full)";
        string text = TerminalText.Clean(TraceTables.KeyText(row.Key), KeyWidth);
        return row.Key.Count == 0 ? "all" : text;
    }

    private static string Range(TraceBucket bucket, TraceMap map)
    {
        string lower = bucket.Lower is { } low ? Shown(low, map) : "…";
        string upper = bucket.Upper is { } high ? Shown(high, map) : "…";
        if (map.IsLowerInclusive && bucket is { Lower: 0, Upper: 1 }) return "[0]";
        return map.IsLowerInclusive ? $"[{lower}, {upper})" : $"({lower}, {upper}]";
    }

    /// <summary>Seconds as people say them; powers of two as bpftrace writes them, 1K for 1024.</summary>
    private static string Shown(double value, TraceMap map)
    {
        if (map.Unit == "s") return Quantity.Seconds(value);
        if (map.IsLowerInclusive && value >= 1024 && Math.Log2(value) % 1 == 0)
        {
            const string Units = "KMGTPE";
            int step = Math.Min((int)Math.Log2(value) / 10, Units.Length);
            return $"{value / Math.Pow(1024, step):0}{Units[step - 1]}";
        }

        return value.ToString("0.######", CultureInfo.InvariantCulture);
    }

    private static string Number(double value, long? whole) =>
        whole?.ToString(CultureInfo.InvariantCulture) ?? value.ToString("0.#########", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace EbpfReceiver.Terminal;

/// <summary>What a metric of a declared probe came to in an interval.</summary>
/// <param name="name">The metric.</param>
/// <param name="unit">Its unit in UCUM.</param>
internal sealed class DeclaredActivity(string name, string unit)
{
    private const int SeriesShown = 3;
    private const int LabelLength = 40;

    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);
    private readonly LatencyDistribution _values = new();
    private double _total;
    private double _sum;
    private bool _hasBounds;

    public string Name { get; } = name;

    /// <summary>How much happened: values of a histogram; of a counter what it went up by.</summary>
    public double Activity => _values.Count + _total;

    /// <summary>A series of a counter went up.</summary>
    public void Add(ResourceName owner, AttributeReader attributes, double value)
    {
        if (value <= 0)
            return;
        _total += value;
        string label = string.Join(' ', attributes.Values());
        if (owner.Pid != 0)
            label = label.Length > 0 ? $"{owner} {label}" : owner.ToString();
        label = TerminalText.Clean(label, LabelLength);
        _series[label] = _series.GetValueOrDefault(label) + value;
    }

    /// <summary>An exponential histogram got values.</summary>
    public void Add(LatencyDistribution values) => _values.Add(values);

    /// <summary>A histogram with bounds got values.</summary>
    public void Add(double count, double sum)
    {
        _hasBounds = true;
        _total += count;
        _sum += sum;
    }

    /// <summary>It in a line.</summary>
    public override string ToString()
    {
        if (_values.Count > 0)
            return $"{Name}: {Quantity.Count(_values.Count)} values, p50 {Amount(_values.Quantile(0.5))}, p99 {Amount(_values.Quantile(0.99))}, max {Amount(_values.Maximum)}";
        if (_hasBounds)
            return $"{Name}: {Quantity.Count(_total)} values, average {Amount(_sum / _total)}";
        // One series without a name is the total itself.
        KeyValuePair<string, double>[] named = [.. _series.Where(s => s.Key.Length > 0).OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal)];
        if (named.Length == 0)
            return $"{Name}: {Amount(_total)}";
        string more = named.Length > SeriesShown ? $", … {named.Length - SeriesShown} more" : "";
        return $"{Name}: {Amount(_total)} ({string.Join(", ", named.Take(SeriesShown).Select(s => $"{s.Key} {Amount(s.Value)}"))}{more})";
    }

    private string Amount(double value) => unit switch
    {
        "s" => Quantity.Seconds(value),
        "ms" => Quantity.Seconds(value / 1e3),
        "us" => Quantity.Seconds(value / 1e6),
        "ns" => Quantity.Seconds(value / 1e9),
        "By" => Quantity.Bytes(value),
        _ when Math.Abs(value) >= 100 || value == Math.Floor(value) => Quantity.Count(value),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}

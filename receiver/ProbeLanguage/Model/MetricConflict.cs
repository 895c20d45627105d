using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Metrics of one probe that would contradict each other: a point is known by the name of its metric and by its attributes, and a name
/// has one kind and one unit.
/// </summary>
internal static class MetricConflict
{
    /// <summary>What is wrong with a metric beside those that stand before it; null if nothing is.</summary>
    public static string? Of(MetricDefinition metric, IReadOnlyList<EmitterDefinition> emitters)
    {
        foreach (MetricDefinition earlier in emitters.OfType<MetricDefinition>().TakeWhile(e => !ReferenceEquals(e, metric)))
        {
            if (earlier.Name != metric.Name || metric.Name.Length == 0)
                continue;
            if (KindOf(earlier) != KindOf(metric))
                return $"{metric.Name} is a {KindOf(earlier)} in line {earlier.Location.Line}, and a name has one kind; give this one another name";
            if (earlier.Unit.Length > 0 && metric.Unit.Length > 0 && earlier.Unit != metric.Unit)
                return $"{metric.Name} is in {earlier.Unit} in line {earlier.Location.Line}, and a name has one unit; give this one another name";
            if (HaveOneSeries(earlier, metric))
            {
                return $"{metric.Name} with {(metric.Attributes.Count == 0 ? "no attributes" : $"the attributes {string.Join(", ", metric.Attributes.Select(a => a.Name))}")} "
                    + $"is there already, in line {earlier.Location.Line}, and nothing would tell the two apart; give this one another name or another attribute";
            }
        }

        return null;
    }

    // Attributes of the same names; unless one of them is a constant in both, and another one.
    private static bool HaveOneSeries(MetricDefinition a, MetricDefinition b)
    {
        if (!a.Attributes.Select(x => x.Name).ToHashSet(StringComparer.Ordinal).SetEquals(b.Attributes.Select(x => x.Name)))
            return false;
        return !a.Attributes.Any(x => Literal(x) is { } one && b.Attributes.Any(y => y.Name == x.Name && Literal(y) is { } other && one != other));
    }

    private static string? Literal(AttributeDefinition attribute) => attribute.Expression.Root switch
    {
        StringSyntax text => text.Value,
        NumberSyntax number => number.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string KindOf(MetricDefinition metric) => metric switch
    {
        CounterDefinition or SumDefinition => "counter or sum",
        UpDownDefinition => "updown",
        TopKDefinition => "topk",
        GaugeDefinition => "gauge",
        HistogramDefinition { Buckets: ExponentialBuckets } => "histogram with exponential buckets",
        _ => "histogram with bounds",
    };
}

namespace EbpfReceiver.Otlp;

/// <summary>All series of one metric.</summary>
internal sealed class PrometheusFamily(string name, PrometheusType type, string unit, string help)
{
    /// <summary>The name, without <c>_total</c>.</summary>
    public string Name { get; } = name;

    public PrometheusType Type { get; } = type;

    /// <summary>The unit as the name ends in it; empty when it does not.</summary>
    public string Unit { get; } = name.EndsWith("_" + unit, StringComparison.Ordinal) ? unit : "";

    public string Help { get; } = help;

    /// <summary>By labels, in their order.</summary>
    public SortedDictionary<string, PrometheusSeries> Series { get; } = new(StringComparer.Ordinal);
}

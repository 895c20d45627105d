namespace EbpfReceiver.Otlp;

/// <summary>Identity of a metric; made once, encoded once.</summary>
public sealed class MetricDescriptor
{
    /// <param name="name">Such as <c>dns.lookup.duration</c>.</param>
    /// <param name="unit">UCUM: <c>s</c>, <c>By</c>, <c>{request}</c>, <c>1</c>.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="kind">The instrument.</param>
    /// <param name="monotonic">Whether a sum never falls; true for counters, false for the others.</param>
    public MetricDescriptor(string name, string unit, string description, MetricKind kind, bool monotonic)
    {
        Name = name;
        Unit = unit;
        Description = description;
        Kind = kind;
        Monotonic = monotonic;
        using var writer = new ProtobufWriter(256);
        writer.WriteText(Tag.Length(MetricsFields.Metric.Name), name.AsSpan());
        if (description.Length > 0)
            writer.WriteText(Tag.Length(MetricsFields.Metric.Description), description.AsSpan());
        if (unit.Length > 0)
            writer.WriteText(Tag.Length(MetricsFields.Metric.Unit), unit.AsSpan());
        Header = writer.Written.ToArray();
    }

    /// <summary>The metric's name.</summary>
    public string Name { get; }

    /// <summary>The unit, UCUM.</summary>
    public string Unit { get; }

    /// <summary>What it tells.</summary>
    public string Description { get; }

    /// <summary>The instrument.</summary>
    public MetricKind Kind { get; }

    /// <summary>Whether a sum never falls.</summary>
    public bool Monotonic { get; }

    /// <summary>Name, description and unit as fields of a Metric message.</summary>
    internal byte[] Header { get; }

    /// <summary>The metric's name and unit.</summary>
    public override string ToString() => $"{Name} ({Unit})";
}

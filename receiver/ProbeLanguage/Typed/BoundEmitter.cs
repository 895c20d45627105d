namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a probe emits, whatever hook it comes from.</summary>
public sealed record BoundEmitter
{
    /// <summary>What kind of signal.</summary>
    public required EmitterKind Kind { get; init; }

    /// <summary>Name of the metric, or event name of a log record; empty for spans (<see cref="Template"/>).</summary>
    public required string Name { get; init; }

    /// <summary>Unit of the metric (UCUM); empty if it has none.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Description of the metric; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>What a recorded value is multiplied with to be in <see cref="Unit"/>: 1e-9 for ns that are reported as s.</summary>
    public double ValueScale { get; init; } = 1;

    /// <summary>Recorded values are signed.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Of counters and sums, which only rise: a value below zero is not added, and counted as <see cref="LossCause.NegativeValue"/>.</summary>
    public bool IsMonotonic { get; init; }

    /// <summary>Attributes: the key of a series, the fields of a sample.</summary>
    public IReadOnlyList<BoundAttribute> Attributes { get; init; } = [];

    /// <summary>Most series that are told apart; what comes beyond is counted in the overflow series.</summary>
    public int SeriesLimit { get; init; } = 256;

    /// <summary>A series that did not change for so long is let go; null: never.</summary>
    public TimeSpan? SeriesTtl { get; init; }

    /// <summary>Limit on samples; null: none.</summary>
    public EventRate? Rate { get; init; }

    /// <summary>Of gauges.</summary>
    public GaugeMode Gauge { get; init; }

    /// <summary>Of histograms: only the average, sum by count, is to be shown.</summary>
    public bool IsAverage { get; init; }

    /// <summary>Of histograms; null for others.</summary>
    public HistogramShape? Histogram { get; init; }

    /// <summary>Of top-k: how many series are told.</summary>
    public int Top { get; init; }

    /// <summary>Of spans the name, of logs the body.</summary>
    public IReadOnlyList<TemplatePart> Template { get; init; } = [];

    /// <summary>Of logs: TRACE, DEBUG, INFO, WARN, ERROR or FATAL; empty for INFO.</summary>
    public string Severity { get; init; } = "";

    /// <summary>Of spans: the kind.</summary>
    public SpanDefinitionKind SpanKind { get; init; }

    /// <summary>Of spans: index of the attribute, a boolean, that makes it an error if true; -1: none does.</summary>
    public int ErrorAttribute { get; init; } = -1;

    /// <summary>The line it is written in.</summary>
    public required SourceText Source { get; init; }
}

namespace EbpfReceiver.Otlp;

/// <summary>Options of <see cref="PrometheusOutlet"/>.</summary>
public sealed record PrometheusOutletOptions
{
    /// <summary>The name of the outlet in logs and metrics.</summary>
    public string Name { get; init; } = "prometheus";

    /// <summary>A series that was not heard of for this long is not shown any more.</summary>
    public TimeSpan Expiration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Series kept at most; points of further ones are dropped and counted.</summary>
    public int MaxSeries { get; init; } = 50_000;
}

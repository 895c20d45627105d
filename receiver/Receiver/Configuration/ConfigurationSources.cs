namespace EbpfReceiver.Configuration;

/// <summary>What a configuration is read from.</summary>
public sealed record ConfigurationSources
{
    /// <summary>Paths of YAML files; a later one goes over an earlier one. With none, the console and the metrics page run.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Values of <c>--set</c>: <c>exporters.otlp.endpoint=http://collector:4317</c>. They go over all files.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Gives environment variables; null for one that is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
}

namespace EbpfReceiver.Configuration;

/// <summary>Key <c>exporters.file</c>: one OTLP JSON document a line.</summary>
public sealed record FileExporterConfiguration
{
    /// <summary>The file that lines are appended to; relative to the working directory.</summary>
    public required string Path { get; init; }
}

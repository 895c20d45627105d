namespace EbpfReceiver.OtlpExportBenchmarks;

/// <summary>What an endpoint does with what it takes, said to the receiver and to the collector.</summary>
/// <param name="Name">For the table.</param>
/// <param name="ReceiverExporter">Below <c>exporters</c> of the receiver; empty: none.</param>
/// <param name="CollectorExporter">Below <c>exporters</c> of the collector, with the name of the one that is used first.</param>
/// <param name="CollectorBatches">The collector's pipeline has a batch processor.</param>
internal sealed record EndpointCase(string Name, string ReceiverExporter, string CollectorExporter, bool CollectorBatches = false)
{
    /// <summary>The cases, all towards one server.</summary>
    /// <param name="grpc">Its OTLP/gRPC.</param>
    /// <param name="http">Its OTLP/HTTP.</param>
    public static IReadOnlyList<EndpointCase> All(Uri grpc, Uri http)
    {
        string toGrpc = $"otlp: {{ endpoint: \"{grpc.Authority}\", tls: {{ insecure: true }}, compression: none }}";
        string ours = $"otlp: {{ endpoint: \"{grpc}\", compression: none }}";
        return
        [
            new("receive", "", "debug: { verbosity: basic }"),
            new("forward, gRPC", ours, toGrpc),
            new("forward, gRPC, collector batches", ours, toGrpc, CollectorBatches: true),
            new(
                "forward, gRPC, gzip",
                ours.Replace("compression: none", "compression: gzip", StringComparison.Ordinal),
                toGrpc.Replace("compression: none", "compression: gzip", StringComparison.Ordinal)),
            new(
                "forward, HTTP",
                $"otlp_http: {{ endpoint: \"{http}\", compression: none }}",
                $"otlphttp: {{ endpoint: \"{http.GetLeftPart(UriPartial.Authority)}\", compression: none }}"),
        ];
    }

    /// <summary>The receiver's configuration. It does not run without any probe, so the quietest one is there.</summary>
    public string ReceiverConfiguration(int port) => $$"""
        receiver: { endpoint: "127.0.0.1:{{port}}" }
        probes: { include: [dns] }
        exporters:
          prometheus: { endpoint: "127.0.0.1:{{port + 1}}" }
          {{ReceiverExporter}}
        """;

    /// <summary>The collector's configuration.</summary>
    public string CollectorConfiguration(int port)
    {
        string exporter = CollectorExporter[..CollectorExporter.IndexOf(':', StringComparison.Ordinal)];
        return $$"""
            receivers: { otlp: { protocols: { grpc: { endpoint: "127.0.0.1:{{port}}" } } } }
            processors: { batch: {} }
            exporters:
              {{CollectorExporter}}
            service:
              telemetry: { metrics: { level: none }, logs: { level: error } }
              pipelines: { traces: { receivers: [otlp], processors: [{{(CollectorBatches ? "batch" : "")}}], exporters: [{{exporter}}] } }
            """;
    }
}

using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace EbpfReceiver.Services;

/// <summary>
/// All gRPC services of the endpoint, as reflection and health name them. The names stand here because a descriptor brings those of all its
/// messages with it, which take a tenth of the start and two megabytes; only reflection asks for them.
/// </summary>
internal static class PublishedServices
{
    /// <summary>OTLP traces.</summary>
    public const string Traces = "opentelemetry.proto.collector.trace.v1.TraceService";

    /// <summary>OTLP metrics.</summary>
    public const string Metrics = "opentelemetry.proto.collector.metrics.v1.MetricsService";

    /// <summary>OTLP logs.</summary>
    public const string Logs = "opentelemetry.proto.collector.logs.v1.LogsService";

    /// <summary>OTLP profiles.</summary>
    public const string Profiles = "opentelemetry.proto.collector.profiles.v1development.ProfilesService";

    /// <summary>The receiver's own.</summary>
    public const string Inspection = "ebpfreceiver.v1.ReceiverService";

    /// <summary>The standard question of orchestrators.</summary>
    public const string Health = "grpc.health.v1.Health";

    /// <summary>The full names, in the order of <see cref="Descriptors"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Traces, Metrics, Logs, Profiles, Inspection,
        Health, "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
    ];

    /// <summary>Makes the descriptors.</summary>
    public static IReadOnlyList<ServiceDescriptor> Descriptors() =>
    [
        OpenTelemetry.Proto.Collector.Trace.V1.TraceService.Descriptor,
        OpenTelemetry.Proto.Collector.Metrics.V1.MetricsService.Descriptor,
        OpenTelemetry.Proto.Collector.Logs.V1.LogsService.Descriptor,
        OpenTelemetry.Proto.Collector.Profiles.V1Development.ProfilesService.Descriptor,
        Proto.V1.ReceiverService.Descriptor,
        Grpc.Health.V1.Health.Descriptor,
        Grpc.Reflection.V1.ServerReflection.Descriptor,
        Grpc.Reflection.V1Alpha.ServerReflection.Descriptor,
    ];
}

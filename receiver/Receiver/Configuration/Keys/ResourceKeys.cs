namespace EbpfReceiver.Configuration;

/// <summary>Section <c>resource</c>.</summary>
internal static class ResourceKeys
{
    private static readonly ConfigurationKey<string> s_serviceName = new(
        "service_name", ValueTypes.Text, "ebpf-receiver",
        "`service.name` of the receiver's own telemetry, or `OTEL_SERVICE_NAME`. Observed processes have their own.");

    private static readonly ConfigurationKey<IReadOnlyDictionary<string, string>> s_attributes = new(
        "attributes", ValueTypes.TextMap, "{}",
        "Added to every resource, with those of `OTEL_RESOURCE_ATTRIBUTES`. They win over what is detected.");

    public static readonly SectionType<ResourceConfiguration> Section = new(
        [s_serviceName, s_attributes],
        static s => new ResourceConfiguration { ServiceName = s.Get(s_serviceName), Attributes = s.Get(s_attributes) });
}

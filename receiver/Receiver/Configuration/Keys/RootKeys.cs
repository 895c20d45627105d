namespace EbpfReceiver.Configuration;

/// <summary>The top level of the configuration.</summary>
internal static class RootKeys
{
    public static readonly ConfigurationKey<ListenerConfiguration> Receiver =
        new("receiver", ListenerKeys.Section, "{}", "The receiver's own gRPC endpoint: OTLP in, inspection, health, reflection.");

    public static readonly ConfigurationKey<ProbesConfiguration> Probes =
        new("probes", ProbesKeys.Section, "{}", "What is observed, and how it is attached.");

    public static readonly ConfigurationKey<ExportersConfiguration> Exporters =
        new("exporters", ExportersKeys.Section, "{}", "Where telemetry goes. An exporter that is not named does not run.");

    public static readonly ConfigurationKey<MetricsConfiguration> Metrics =
        new("metrics", MetricsKeys.Section, "{}", "How aggregates in the kernel become metric points.");

    public static readonly ConfigurationKey<ProcessesConfiguration> Processes =
        new("processes", ProcessesKeys.Section, "{}", "Which processes are observed.");

    public static readonly ConfigurationKey<ResourceConfiguration> Resource =
        new("resource", ResourceKeys.Section, "{}", "Attributes of everything that is sent.");

    public static readonly ConfigurationKey<PrivilegesConfiguration> Privileges =
        new("privileges", PrivilegesKeys.Section, "{}", "What the process gives up once it runs.");

    public static readonly ConfigurationKey<LogConfiguration> Log =
        new("log", LogKeys.Section, "{}", "The receiver's own log, on standard error.");

    private static readonly ConfigurationKey<int?> s_memoryLimit = new(
        "memory_limit_mib", new NullableType<int>(new IntegerType<int>(32, 1 << 20)), null,
        "Resident memory of the process, in MiB, beyond which senders are told to come back and the receiver samples its own spans and log "
        + "records down. Without it there is no limit but the machine's.");

    public static readonly SectionType<ReceiverConfiguration> Section = new(
        [Receiver, Probes, Exporters, Metrics, Processes, Resource, Privileges, Log, s_memoryLimit],
        static s => new ReceiverConfiguration
        {
            Receiver = s.Get(Receiver),
            Probes = s.Get(Probes),
            Exporters = s.Get(Exporters),
            Metrics = s.Get(Metrics),
            Processes = s.Get(Processes),
            Resource = s.Get(Resource),
            Privileges = s.Get(Privileges),
            Log = s.Get(Log),
            MemoryLimitMib = s.Get(s_memoryLimit),
        });
}

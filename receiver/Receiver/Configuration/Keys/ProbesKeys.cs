namespace EbpfReceiver.Configuration;

/// <summary>Section <c>probes</c>.</summary>
internal static class ProbesKeys
{
    public static readonly ConfigurationKey<IReadOnlyList<string>> Include = new(
        "include", new ListType<string>(new ProbePatternType(), "probes"), "[\"*\"]", "Names of probes that run; `*` as wildcard.");

    public static readonly ConfigurationKey<IReadOnlyList<string>> Exclude = new(
        "exclude", new ListType<string>(new ProbePatternType(), "probes"), "[]", "Names of probes that do not run; `*` as wildcard. Wins over `include`.");

    public static readonly ConfigurationKey<IReadOnlyList<string>> Files = new(
        "files", new ListType<string>(ValueTypes.Text, "paths"), "[]",
        "Probe files, and directories with probe files (`*.yaml`, `*.yml`). They are looked at every second while the receiver runs.");

    private static readonly ConfigurationKey<bool> s_catalogueEnabled =
        new("enabled", ValueTypes.Boolean, "true", "Whether the catalogue is there at all.");

    private static readonly ConfigurationKey<IReadOnlyList<string>> s_catalogueInclude = new(
        "include", new ListType<string>(ValueTypes.Text, "names or groups"), "[]",
        "Probes of the catalogue that run although they are off by default, by name or group; `*` as wildcard.");

    private static readonly ConfigurationKey<IReadOnlyList<string>> s_catalogueExclude = new(
        "exclude", new ListType<string>(ValueTypes.Text, "names or groups"), "[]",
        "Probes of the catalogue that do not run, by name or group; `*` as wildcard.");

    public static readonly ConfigurationKey<CatalogueConfiguration> Catalogue = new(
        "catalogue",
        new SectionType<CatalogueConfiguration>(
            [s_catalogueEnabled, s_catalogueInclude, s_catalogueExclude],
            static s => new CatalogueConfiguration
            {
                Enabled = s.Get(s_catalogueEnabled),
                Include = s.Get(s_catalogueInclude),
                Exclude = s.Get(s_catalogueExclude),
            }),
        "{}", "The probes in YAML that are part of the program (`probes list`).");

    public static readonly ConfigurationKey<AttachPreference> Attach = new(
        "attach",
        new ChoiceType<AttachPreference>(
            ("auto", AttachPreference.Auto), ("tp_btf", AttachPreference.TpBtf), ("raw_tp", AttachPreference.RawTp),
            ("tracepoint", AttachPreference.Tracepoint), ("fentry", AttachPreference.Fentry), ("kprobe", AttachPreference.Kprobe)),
        "auto",
        "How kernel hooks are attached: `auto` takes the first alternative that really attaches, any other word considers only that kind.");

    private static readonly ConfigurationKey<bool> s_redact = new(
        "redact", ValueTypes.Boolean, "true",
        "What declared probes report is redacted: user and query of URLs, literals of SQL statements. Secrets in command lines always are.");

    public static readonly ConfigurationKey<ProbeSettings> Settings =
        new("settings", ProbeSettingsKeys.Section, "{}", "Settings of single probes.");

    private static readonly ConfigurationKey<long> s_sizePerCpu = new(
        "size_per_cpu", new SizeType(4096, 64L << 20, "such as 256KiB, from 4KiB to 64MiB"), "256KiB",
        "Size of each CPU's ring; rounded up to a power of two of pages.");

    private static readonly ConfigurationKey<TimeSpan> s_drainInterval = new(
        "drain_interval",
        new DurationType(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10), "from 1ms to 10s"), "100ms",
        "The longest time a sample waits in the ring when little happens.");

    public static readonly ConfigurationKey<SampleBufferConfiguration> SampleBuffer = new(
        "sample_buffer",
        new SectionType<SampleBufferConfiguration>(
            [s_sizePerCpu, s_drainInterval],
            static s => new SampleBufferConfiguration { SizePerCpu = s.Get(s_sizePerCpu), DrainInterval = s.Get(s_drainInterval) }),
        "{}", "The perf buffer that carries samples from the kernel.");

    public static readonly ConfigurationKey<IReadOnlyDictionary<string, long>> MapEntries = new(
        "map_entries", new MapType<long>(new IntegerType<long>(1, 1 << 24), "map of numbers"), "{}",
        "Capacities of BPF maps by name, in entries. `probes explain` lists the maps; what does not fit goes to an overflow series.");

    public static readonly SectionType<ProbesConfiguration> Section = new(
        [Include, Exclude, Files, Catalogue, Attach, s_redact, Settings, SampleBuffer, MapEntries],
        static s => new ProbesConfiguration
        {
            Include = s.Get(Include),
            Exclude = s.Get(Exclude),
            Files = s.Get(Files),
            Catalogue = s.Get(Catalogue),
            Attach = s.Get(Attach),
            Redact = s.Get(s_redact),
            Settings = s.Get(Settings),
            SampleBuffer = s.Get(SampleBuffer),
            MapEntries = s.Get(MapEntries),
        });
}

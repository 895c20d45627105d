namespace EbpfReceiver.Configuration;

/// <summary>Section <c>probes.settings</c>.</summary>
internal static class ProbeSettingsKeys
{
    private static readonly ListType<string> s_libraries = new(ValueTypes.AbsolutePath, "paths");

    private static readonly ConfigurationKey<bool> s_processEvents =
        new("events", ValueTypes.Boolean, "true", "A log event for every exec and exit. The counters stay either way.");

    private static readonly ConfigurationKey<bool> s_processArguments =
        new("arguments", ValueTypes.Boolean, "true", "The arguments of processes; what looks like a secret is redacted.");

    private static readonly ConfigurationKey<bool> s_tcpSpans =
        new("spans", ValueTypes.Boolean, "true", "A span for every connection. The metrics stay either way.");

    private static readonly ConfigurationKey<bool> s_dnsSpans =
        new("spans", ValueTypes.Boolean, "true", "A span for every lookup. The metrics stay either way.");

    private static readonly ConfigurationKey<int> s_dnsMaxNames = new(
        "max_names", new IntegerType<int>(0, 100_000), "200",
        "Names that `dns.lookup.duration` tells apart; more are counted under `_OTHER`. 0 leaves names out of metrics.");

    private static readonly ConfigurationKey<IReadOnlyList<string>> s_dnsLibraries =
        new("libraries", s_libraries, "[]", "C libraries to attach to besides those that are found.");

    private static readonly ConfigurationKey<IReadOnlyList<string>> s_tlsLibraries =
        new("libraries", s_libraries, "[]", "OpenSSL libraries to attach to besides those that are found.");

    private static readonly ConfigurationKey<ProcessProbeSettings> s_process = new(
        "process",
        new SectionType<ProcessProbeSettings>(
            [s_processEvents, s_processArguments],
            static s => new ProcessProbeSettings { Events = s.Get(s_processEvents), Arguments = s.Get(s_processArguments) }),
        "{}", "Processes: exec, exit, fork.");

    private static readonly ConfigurationKey<TcpProbeSettings> s_tcp = new(
        "tcp",
        new SectionType<TcpProbeSettings>([s_tcpSpans], static s => new TcpProbeSettings { Spans = s.Get(s_tcpSpans) }),
        "{}", "TCP connections.");

    private static readonly ConfigurationKey<DnsProbeSettings> s_dns = new(
        "dns",
        new SectionType<DnsProbeSettings>(
            [s_dnsSpans, s_dnsMaxNames, s_dnsLibraries],
            static s => new DnsProbeSettings { Spans = s.Get(s_dnsSpans), MaxNames = s.Get(s_dnsMaxNames), Libraries = s.Get(s_dnsLibraries) }),
        "{}", "Name lookups through the C library.");

    private static readonly ConfigurationKey<TlsProbeSettings> s_tls = new(
        "tls",
        new SectionType<TlsProbeSettings>([s_tlsLibraries], static s => new TlsProbeSettings { Libraries = s.Get(s_tlsLibraries) }),
        "{}", "TLS through OpenSSL.");

    public static readonly SectionType<ProbeSettings> Section = new(
        [s_process, s_tcp, s_dns, s_tls],
        static s => new ProbeSettings { Process = s.Get(s_process), Tcp = s.Get(s_tcp), Dns = s.Get(s_dns), Tls = s.Get(s_tls) });
}

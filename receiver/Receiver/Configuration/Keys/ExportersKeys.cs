namespace EbpfReceiver.Configuration;

/// <summary>Section <c>exporters</c>.</summary>
internal static class ExportersKeys
{
    public static readonly ConfigurationKey<OtlpExporterConfiguration?> Otlp = new(
        "otlp", new OptionalSectionType<OtlpExporterConfiguration>(OtlpKeys.Section(
            isGrpc: true, "http://127.0.0.1:4317", "The collector's OTLP/gRPC endpoint; `unix:///path` is a socket.")), null,
        "Push by OTLP/gRPC. Keys that are left out come from the `OTEL_EXPORTER_OTLP_*` variables.");

    public static readonly ConfigurationKey<OtlpExporterConfiguration?> OtlpHttp = new(
        "otlp_http",
        new OptionalSectionType<OtlpExporterConfiguration>(
            OtlpKeys.Section(isGrpc: false, "http://127.0.0.1:4318", "The collector's OTLP/HTTP endpoint; `/v1/traces` and so on are added to it.")), null,
        "Push by OTLP/HTTP with protobuf bodies. Keys that are left out come from the `OTEL_EXPORTER_OTLP_*` variables.");

    private static readonly ConfigurationKey<ListenEndpoint> s_prometheusEndpoint = new(
        "endpoint", ValueTypes.ListenEndpoint, "127.0.0.1:9464", "Where `/metrics`, `/healthz` and `/readyz` are served.");

    private static readonly ConfigurationKey<ServerTlsConfiguration?> s_prometheusTls =
        ServerTlsKeys.Key("TLS, and mutual TLS, for the pages.");

    private static readonly ConfigurationKey<TokenConfiguration> s_prometheusAuth = new(
        "auth", TokenKeys.Section, "{}", "`/metrics` then needs a token: `Authorization: Bearer TOKEN`. `/healthz` and `/readyz` do not.");

    public static readonly ConfigurationKey<PrometheusExporterConfiguration?> Prometheus = new(
        "prometheus",
        new OptionalSectionType<PrometheusExporterConfiguration>(new SectionType<PrometheusExporterConfiguration>(
            [s_prometheusEndpoint, s_prometheusTls, s_prometheusAuth],
            static s => new PrometheusExporterConfiguration
            {
                Endpoint = s.Get(s_prometheusEndpoint),
                Tls = s.Get(s_prometheusTls),
                Auth = s.Get(s_prometheusAuth),
            })),
        null, "The metrics page that Prometheus scrapes, in OpenMetrics and Prometheus text.");

    private static readonly ConfigurationKey<string> s_filePath = new(
        "path", new TextType("path", "a path"), "telemetry.jsonl", "The file that lines are appended to.");

    public static readonly ConfigurationKey<FileExporterConfiguration?> File = new(
        "file",
        new OptionalSectionType<FileExporterConfiguration>(new SectionType<FileExporterConfiguration>(
            [s_filePath], static s => new FileExporterConfiguration { Path = s.Get(s_filePath) })),
        null, "OTLP JSON lines, as the Collector's file exporter writes them.");

    public static readonly ConfigurationKey<ConsoleExporterConfiguration?> Console = new(
        "console", new OptionalSectionType<ConsoleExporterConfiguration>(ConsoleKeys.Section), null,
        "A readable live view on standard output.");

    public static readonly SectionType<ExportersConfiguration> Section = new(
        [Otlp, OtlpHttp, Prometheus, File, Console],
        static s => new ExportersConfiguration
        {
            Otlp = s.Get(Otlp),
            OtlpHttp = s.Get(OtlpHttp),
            Prometheus = s.Get(Prometheus),
            File = s.Get(File),
            Console = s.Get(Console),
        });
}

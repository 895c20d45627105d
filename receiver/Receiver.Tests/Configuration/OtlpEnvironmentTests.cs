using EbpfReceiver.Configuration;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Tests.Configuration;

/// <summary>The rules are those of the OpenTelemetry specification, "OpenTelemetry Protocol Exporter" and "Resource SDK".</summary>
public sealed class OtlpEnvironmentTests : IDisposable
{
    private readonly ConfigurationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void An_endpoint_alone_makes_grpc_push_run_where_there_is_no_file()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4317";
        ExportersConfiguration e = _files.Load(null).Exporters;
        Assert.Equal("http://collector:4317/", e.Otlp!.Endpoint.ToString());
        Assert.Null(e.OtlpHttp);
        Assert.NotNull(e.Console);
    }

    [Fact]
    public void The_protocol_chooses_the_exporter()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4318";
        _files.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        ExportersConfiguration e = _files.Load(null).Exporters;
        Assert.Equal("http://collector:4318/", e.OtlpHttp!.Endpoint.ToString());
        Assert.Null(e.Otlp);
    }

    [Fact]
    public void A_signal_may_have_its_own_protocol()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4317";
        _files.Variables["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf";
        _files.Variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://traces:4318/v1/traces";
        ExportersConfiguration e = _files.Load(null).Exporters;
        Assert.False(e.Otlp!.Traces.Enabled);
        Assert.True(e.Otlp.Metrics.Enabled);
        Assert.True(e.OtlpHttp!.Traces.Enabled);
        Assert.Equal("http://traces:4318/v1/traces", e.OtlpHttp.Traces.Endpoint!.ToString());
        Assert.False(e.OtlpHttp.Metrics.Enabled);
    }

    [Fact]
    public void Variables_fill_what_a_file_leaves_open_and_name_no_exporter()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4317";
        _files.Variables["OTEL_EXPORTER_OTLP_TIMEOUT"] = "2500";
        _files.Variables["OTEL_EXPORTER_OTLP_COMPRESSION"] = "none";
        _files.Variables["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=se%20cret,x=1";
        _files.Variables["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = "api-key=logs";

        Assert.Null(_files.Load("exporters: { console: }").Exporters.Otlp);

        OtlpExporterConfiguration otlp = _files.Load("exporters: { otlp: { compression: gzip } }").Exporters.Otlp!;
        Assert.Equal("http://collector:4317/", otlp.Endpoint.ToString());
        Assert.Equal(TimeSpan.FromMilliseconds(2500), otlp.Timeout);
        Assert.Equal(OtlpCompression.Gzip, otlp.Compression);
        Assert.Equal("se cret", otlp.Headers["api-key"]);
        Assert.Equal("1", otlp.Headers["x"]);
        Assert.Equal("logs", otlp.Logs.Headers!["api-key"]);
        Assert.Null(otlp.Traces.Headers);
    }

    [Fact]
    public void What_a_file_says_wins_over_the_variables_of_a_signal_too()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://environment:4317";
        OtlpExporterConfiguration otlp = _files.Load("exporters: { otlp: { endpoint: \"http://file:4317\" } }").Exporters.Otlp!;
        Assert.Equal("http://file:4317/", otlp.Endpoint.ToString());
        Assert.Null(otlp.Traces.Endpoint);
    }

    [Fact]
    public void Certificates_of_a_signal_go_before_the_general_ones_one_by_one()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://collector:4317";
        _files.Variables["OTEL_EXPORTER_OTLP_CERTIFICATE"] = "/ca.pem";
        _files.Variables["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"] = "/all.pem";
        _files.Variables["OTEL_EXPORTER_OTLP_CLIENT_KEY"] = "/all.key";
        _files.Variables["OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE"] = "/metrics.pem";
        _files.Variables["OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY"] = "/metrics.key";
        _files.Variables["OTEL_EXPORTER_OTLP_PROFILES_COMPRESSION"] = "zstd";
        _files.Variables["OTEL_EXPORTER_OTLP_LOGS_TIMEOUT"] = "700";
        OtlpExporterConfiguration otlp = _files.Load(null).Exporters.Otlp!;
        Assert.Equal(("/ca.pem", "/all.pem", "/all.key"), (otlp.Tls.CaFile, otlp.Tls.CertFile, otlp.Tls.KeyFile));
        Assert.Equal(("/ca.pem", "/metrics.pem", "/metrics.key"), (otlp.Metrics.Tls!.CaFile, otlp.Metrics.Tls.CertFile, otlp.Metrics.Tls.KeyFile));
        Assert.Null(otlp.Traces.Tls);
        Assert.Equal(OtlpCompression.Zstd, otlp.Profiles.Compression);
        Assert.Equal(TimeSpan.FromMilliseconds(700), otlp.Logs.Timeout);
    }

    [Theory]
    [InlineData("collector:4317", null, "https://collector:4317/")]
    [InlineData("collector:4317", "false", "https://collector:4317/")]
    [InlineData("collector:4317", "true", "http://collector:4317/")]
    [InlineData("https://collector:4317", "true", "https://collector:4317/")]
    [InlineData("http://collector:4317", "false", "http://collector:4317/")]
    [InlineData("unix:///run/otlp.sock", null, "unix:///run/otlp.sock")]
    public void Insecure_is_for_endpoints_without_a_scheme(string endpoint, string? insecure, string expected)
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        if (insecure is not null)
            _files.Variables["OTEL_EXPORTER_OTLP_INSECURE"] = insecure;
        Assert.Equal(expected, _files.Load(null).Exporters.Otlp!.Endpoint.ToString());
    }

    [Fact]
    public void Insecure_of_a_signal_is_for_its_own_endpoint()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317";
        _files.Variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "traces:4317";
        _files.Variables["OTEL_EXPORTER_OTLP_TRACES_INSECURE"] = "true";
        OtlpExporterConfiguration otlp = _files.Load(null).Exporters.Otlp!;
        Assert.Equal(("https://collector:4317/", "http://traces:4317/"), (otlp.Endpoint.ToString(), otlp.Traces.Endpoint!.ToString()));
    }

    [Fact]
    public void Resource_attributes_join_and_the_service_name_is_the_receivers()
    {
        _files.Variables["OTEL_RESOURCE_ATTRIBUTES"] = "service.name=from-attributes,team=a%2Cb,region=env";
        ResourceConfiguration r = _files.Load("resource: { attributes: { region: file } }").Resource;
        Assert.Equal("from-attributes", r.ServiceName);
        Assert.Equal("a,b", r.Attributes["team"]);
        Assert.Equal("file", r.Attributes["region"]);
        Assert.False(r.Attributes.ContainsKey("service.name"));

        _files.Variables["OTEL_SERVICE_NAME"] = "named";
        Assert.Equal("named", _files.Load(null).Resource.ServiceName);
    }

    [Fact]
    public void Interval_and_temporality_have_variables_too()
    {
        _files.Variables["OTEL_METRIC_EXPORT_INTERVAL"] = "5000";
        _files.Variables["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] = "Delta";
        MetricsConfiguration m = _files.Load(null).Metrics;
        Assert.Equal(TimeSpan.FromSeconds(5), m.Interval);
        Assert.Equal(MetricTemporality.Delta, m.Temporality);
    }

    [Fact]
    public void An_empty_variable_is_not_set()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "";
        Assert.Null(_files.Load(null).Exporters.Otlp);
    }

    [Fact]
    public void Errors_name_the_variable_and_hold_no_secret()
    {
        _files.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://collector:4317";
        _files.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/json";
        _files.Variables["OTEL_EXPORTER_OTLP_HEADERS"] = "hunter2";
        Assert.Equal(
            [
                "OTEL_EXPORTER_OTLP_HEADERS: headers: expected key=value pairs with commas between them; pair 1 has no key or no =",
                "OTEL_EXPORTER_OTLP_PROTOCOL: expected grpc or http/protobuf, found \"http/json\"",
            ],
            _files.Errors(null).Order(StringComparer.Ordinal));
    }
}

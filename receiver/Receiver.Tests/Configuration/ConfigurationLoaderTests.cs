using EbpfReceiver.Configuration;
using EbpfReceiver.Otlp;
using Serilog.Events;

namespace EbpfReceiver.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly ConfigurationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_documented_shape_is_read_value_by_value()
    {
        ReceiverConfiguration c = _files.Load("""
            receiver:   { endpoint: 127.0.0.1:4327 }
            probes:     { include: ["*"], exclude: [], attach: auto, settings: { tcp: { spans: true } } }   # comment
            exporters:
              otlp:       { endpoint: "${env:OTEL_EXPORTER_OTLP_ENDPOINT:-http://127.0.0.1:4317}", compression: gzip, headers: {}, timeout: 10s }
              otlp_http:  { endpoint: "http://127.0.0.1:4318" }
              prometheus: { endpoint: 127.0.0.1:9464 }
              file:       { path: telemetry.jsonl }
              console:    {}
            metrics:    { interval: 15s, temporality: cumulative }
            processes:  { include: [], exclude: [] }
            resource:   { attributes: {} }
            log:        { level: info }
            """);

        Assert.Equal("127.0.0.1:4327", c.Receiver.Endpoint.ToString());
        Assert.Equal(["*"], c.Probes.Include);
        Assert.Equal(AttachPreference.Auto, c.Probes.Attach);
        Assert.True(c.Probes.Settings.Tcp.Spans);
        Assert.Equal("http://127.0.0.1:4317/", c.Exporters.Otlp!.Endpoint.ToString());
        Assert.Equal(OtlpCompression.Gzip, c.Exporters.Otlp.Compression);
        Assert.Equal(TimeSpan.FromSeconds(10), c.Exporters.Otlp.Timeout);
        Assert.Equal("http://127.0.0.1:4318/", c.Exporters.OtlpHttp!.Endpoint.ToString());
        Assert.Equal(9464, c.Exporters.Prometheus!.Endpoint.Address!.Port);
        Assert.Equal("telemetry.jsonl", c.Exporters.File!.Path);
        Assert.Equal(50, c.Exporters.Console!.MaxEventsPerSecond);
        Assert.Equal(TimeSpan.FromSeconds(15), c.Metrics.Interval);
        Assert.Equal(MetricTemporality.Cumulative, c.Metrics.Temporality);
        Assert.Empty(c.Processes.Include);
        Assert.Equal(LogEventLevel.Information, c.Log.Level);
    }

    [Fact]
    public void A_queue_on_disk_has_defaults_and_every_key_of_its_own()
    {
        QueueStorageOptions d = _files.Load("exporters: { otlp: { sending_queue: { storage: } } }").Exporters.Otlp!.SendingQueue.Storage!;
        Assert.Equal(
            ("/var/lib/ebpf-receiver/queue", 1L << 30, FullPolicy.DropOldest, FsyncPolicy.Interval, 200, 0L),
            (d.Directory, d.MaxBytes, d.WhenFull, d.Fsync, d.FsyncInterval.Milliseconds, d.ReplayRate));
        QueueStorageOptions s = _files.Load("""
            exporters:
              otlp_http:
                sending_queue:
                  storage: { directory: /data, max_size_mib: 16, when_full: refuse, fsync: always, fsync_interval: 1s, replay_rate: 8MiB }
            """).Exporters.OtlpHttp!.SendingQueue.Storage!;
        Assert.Equal(
            ("/data", 16L << 20, FullPolicy.Refuse, FsyncPolicy.Always, 1, 8L << 20),
            (s.Directory, s.MaxBytes, s.WhenFull, s.Fsync, s.FsyncInterval.Seconds, s.ReplayRate));
        Assert.Null(_files.Load("exporters: { otlp: { sending_queue: { storage: false } } }").Exporters.Otlp!.SendingQueue.Storage);
    }

    [Fact]
    public void With_no_file_the_console_and_the_metrics_page_run()
    {
        ExportersConfiguration e = _files.Load(null).Exporters;
        Assert.NotNull(e.Console);
        Assert.NotNull(e.Prometheus);
        Assert.Null(e.Otlp);
        Assert.Null(e.OtlpHttp);
        Assert.Null(e.File);
    }

    [Fact]
    public void An_exporter_that_no_file_names_does_not_run()
    {
        ExportersConfiguration e = _files.Load("exporters: { file: { path: x.jsonl } }").Exporters;
        Assert.Equal("x.jsonl", e.File!.Path);
        Assert.Null(e.Console);
        Assert.Null(e.Prometheus);
    }

    [Fact]
    public void A_key_without_a_body_names_the_exporter()
    {
        ExportersConfiguration e = _files.Load("exporters:\n  console:\n  otlp:\n  otlp_http:\n").Exporters;
        Assert.NotNull(e.Console);
        Assert.Equal("http://127.0.0.1:4317/", e.Otlp!.Endpoint.ToString());
        Assert.Equal("http://127.0.0.1:4318/", e.OtlpHttp!.Endpoint.ToString());
    }

    [Fact]
    public void False_takes_an_exporter_back() => Assert.Null(_files.Load(null, "exporters.console=false").Exporters.Console);

    [Fact]
    public void A_later_file_merges_mappings_and_replaces_lists()
    {
        string first = _files.Write("one.yaml", """
            probes: { include: [tcp, dns], attach: kprobe }
            exporters: { otlp: { endpoint: "http://one:4317", headers: { a: "1", b: "2" } } }
            """);
        string second = _files.Write("two.yaml", """
            probes: { include: [tls] }
            exporters: { otlp: { headers: { b: "3" } }, console: }
            """);

        ReceiverConfiguration c = _files.LoadFiles([first, second]);

        Assert.Equal(["tls"], c.Probes.Include);
        Assert.Equal(AttachPreference.Kprobe, c.Probes.Attach);
        Assert.Equal("http://one:4317/", c.Exporters.Otlp!.Endpoint.ToString());
        Assert.Equal("1", c.Exporters.Otlp.Headers["a"]);
        Assert.Equal("3", c.Exporters.Otlp.Headers["b"]);
        Assert.NotNull(c.Exporters.Console);
    }

    [Fact]
    public void Overrides_go_over_files()
    {
        ReceiverConfiguration c = _files.Load(
            "metrics: { interval: 15s }\nexporters: { otlp: }",
            "metrics.interval=1m30s", "exporters.otlp.endpoint=https://collector:4317", "probes.include=tcp, dns",
            "resource.attributes.deployment.environment.name=prod", "exporters.otlp.headers.authorization=Basic a: b",
            "processes.exclude=[{name: nginx, container: abc*}, systemd]");

        Assert.Equal(TimeSpan.FromSeconds(90), c.Metrics.Interval);
        Assert.Equal("https://collector:4317/", c.Exporters.Otlp!.Endpoint.ToString());
        Assert.Equal(["tcp", "dns"], c.Probes.Include);
        Assert.Equal("prod", c.Resource.Attributes["deployment.environment.name"]);
        Assert.Equal("Basic a: b", c.Exporters.Otlp.Headers["authorization"]);
        Assert.Equal([new ProcessPattern { Name = "nginx", Container = "abc*" }, new ProcessPattern { Name = "systemd" }], c.Processes.Exclude);
    }

    [Fact]
    public void Variables_are_replaced_and_typed_afterwards()
    {
        _files.Variables["EVENTS"] = "7";
        _files.Variables["HOST"] = "collector";
        _files.Variables["EMPTY"] = "";
        ReceiverConfiguration c = _files.Load("""
            exporters:
              console: { max_events_per_second: "${env:EVENTS}", summary: "${env:EMPTY:-false}" }
              otlp: { endpoint: "http://${env:HOST}:${env:PORT:-4317}", headers: { token: "a$$b${env:EMPTY}" } }
            """);

        Assert.Equal(7, c.Exporters.Console!.MaxEventsPerSecond);
        Assert.False(c.Exporters.Console.Summary);
        Assert.Equal("http://collector:4317/", c.Exporters.Otlp!.Endpoint.ToString());
        Assert.Equal("a$b", c.Exporters.Otlp.Headers["token"]);
    }

    [Fact]
    public void Include_and_exclude_take_patterns()
    {
        ProbesConfiguration p = _files.Load("probes: { include: [\"t*\", dns], exclude: [tls] }").Probes;
        Assert.True(p.Includes("tcp"));
        Assert.True(p.Includes("dns"));
        Assert.False(p.Includes("tls"));
        Assert.False(p.Includes("block"));
    }

    [Fact]
    public void Anchors_and_aliases_repeat_values()
    {
        ReceiverConfiguration c = _files.Load("""
            exporters:
              otlp: { headers: &h { token: x } }
              otlp_http: { headers: *h }
            """);
        Assert.Equal("x", c.Exporters.OtlpHttp!.Headers["token"]);
    }

    [Theory]
    [InlineData("200ms", 200)]
    [InlineData("10s", 10_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1_500)]
    public void Durations_are_those_of_the_collector(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), _files.Load($"metrics: {{ interval: {text} }}").Metrics.Interval);

    [Theory]
    [InlineData("262144", 262_144)]
    [InlineData("256KiB", 262_144)]
    [InlineData("1 MiB", 1_048_576)]
    public void Sizes_have_binary_units(string text, long bytes) =>
        Assert.Equal(bytes, _files.Load($"probes: {{ sample_buffer: {{ size_per_cpu: {text} }} }}").Probes.SampleBuffer.SizePerCpu);

    [Theory]
    [InlineData("127.0.0.1:4327", "127.0.0.1:4327", true)]
    [InlineData("localhost:1", "127.0.0.1:1", true)]
    [InlineData("[::1]:4327", "[::1]:4327", true)]
    [InlineData("0.0.0.0:4327", "0.0.0.0:4327", false)]
    [InlineData("unix:///run/x.sock", "unix:///run/x.sock", true)]
    public void Listen_endpoints_are_read(string text, string canonical, bool local)
    {
        ListenEndpoint endpoint = _files.Load($"receiver: {{ endpoint: \"{text}\" }}").Receiver.Endpoint;
        Assert.Equal(canonical, endpoint.ToString());
        Assert.Equal(local, endpoint.IsLocal);
    }
}

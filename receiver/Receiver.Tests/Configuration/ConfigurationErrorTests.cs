namespace EbpfReceiver.Tests.Configuration;

public sealed class ConfigurationErrorTests : IDisposable
{
    private readonly ConfigurationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("exporters:\n  otlp:\n    endpont: http://x:4317\n", "a.yaml:3:5: exporters.otlp.endpont: unknown key; did you mean endpoint?")]
    [InlineData("exporter: {}\n", "a.yaml:1:1: exporter: unknown key; did you mean exporters?")]
    [InlineData("metrics: { frequency: 1s }\n", "a.yaml:1:12: metrics.frequency: unknown key; the keys here are interval, temporality")]
    [InlineData("log: { level: info, level: warn }\n", "a.yaml:1:21: log.level: this key is there twice; the first is in line 1")]
    [InlineData("metrics: { interval: 10 }\n", "a.yaml:1:22: metrics.interval: expected a duration such as 1s or 15s, from 100ms to 1h, found \"10\"")]
    [InlineData("metrics: { interval: 10parsecs }\n", "a.yaml:1:22: metrics.interval: expected a duration such as 1s or 15s, from 100ms to 1h, found \"10parsecs\"")]
    [InlineData("metrics: { interval: [1s] }\n", "a.yaml:1:22: metrics.interval: expected a duration such as 1s or 15s, from 100ms to 1h, found a list")]
    [InlineData("metrics: 15s\n", "a.yaml:1:10: metrics: expected a mapping of keys, found \"15s\"")]
    [InlineData("- metrics\n", "a.yaml:1:1: expected a mapping of keys such as probes: and exporters:, found a list")]
    [InlineData("probes: { include: tcp }\n", "a.yaml:1:20: probes.include: expected a list such as [a, b], found \"tcp\"")]
    [InlineData("probes: { settings: { tcp: { spans: yes } } }\n", "a.yaml:1:37: probes.settings.tcp.spans: expected true or false, found \"yes\"")]
    [InlineData("probes: { attach: kprobes }\n", "a.yaml:1:19: probes.attach: expected one of auto, tp_btf, raw_tp, tracepoint, fentry, kprobe, found \"kprobes\"")]
    [InlineData("probes: { include: [tpc] }\n", "a.yaml:1:21: probes.include[0]: expected one of the probes process, tcp, dns, tls, block, sched, a probe or group of the catalogue, or a pattern such as * that matches one, found \"tpc\"; did you mean tcp?")]
    [InlineData("receiver: { endpoint: example.test:1 }\n", "a.yaml:1:23: receiver.endpoint: expected an address and port such as 127.0.0.1:4327, [::1]:4327, 0.0.0.0:4327 or unix:///run/ebpf-receiver.sock, found \"example.test:1\"")]
    [InlineData("exporters: { otlp: { endpoint: localhost } }\n", "a.yaml:1:32: exporters.otlp.endpoint: expected a URL such as http://127.0.0.1:4317, https://collector:4317 or unix:///run/otlp.sock, or a host and port, found \"localhost\"")]
    [InlineData("exporters: { console: { max_events_per_second: 0 } }\n", "a.yaml:1:48: exporters.console.max_events_per_second: expected a whole number from 1 to 100000, found \"0\"")]
    [InlineData("exporters: { otlp: { sending_queue: { storage: { max_size_mib: 1 } } } }\n", "a.yaml:1:64: exporters.otlp.sending_queue.storage.max_size_mib: expected a whole number from 16 to 16777216, found \"1\"")]
    [InlineData("exporters: { otlp: { sending_queue: { storage: { directory: queue } } } }\n", "a.yaml:1:61: exporters.otlp.sending_queue.storage.directory: expected an absolute path, found \"queue\"")]
    [InlineData("exporters: { otlp: { sending_queue: { storage: { fsync: sometimes } } } }\n", "a.yaml:1:57: exporters.otlp.sending_queue.storage.fsync: expected one of interval, always, never, found \"sometimes\"")]
    [InlineData("exporters: { otlp: { sending_queue: { enabled: false, storage: } } }\n", "a.yaml:1:64: exporters.otlp.sending_queue.storage: there is no queue to store: sending_queue.enabled is false")]
    [InlineData("processes: { include: [{}] }\n", "a.yaml:1:24: processes.include[0]: an empty pattern would match every process; name one of name, path, pid, container, cgroup")]
    [InlineData("resource: { attributes: { a: \"${env:NOWHERE}\" } }\n", "a.yaml:1:30: resource.attributes.a: the environment variable NOWHERE is not set; ${env:NOWHERE:-default} gives a default")]
    [InlineData("resource: { attributes: { a: \"${NOWHERE}\" } }\n", "a.yaml:1:30: resource.attributes.a: ${NOWHERE} is not known; environment variables are written ${env:NAME}, a dollar sign $$")]
    [InlineData("log:\n  level: info\n---\nlog: {}\n", "a.yaml:3:1: a second document starts here; a file holds one")]
    public void Each_error_names_file_line_column_key_and_what_is_expected(string yaml, string error) =>
        Assert.Equal([error], _files.Errors(yaml));

    [Fact]
    public void All_errors_are_reported_at_once() => Assert.Equal(
        [
            "a.yaml:1:12: metrics.intervall: unknown key; did you mean interval?",
            "a.yaml:2:1: lag: unknown key; did you mean log?",
            "a.yaml:3:23: receiver.endpoint: expected an address and port such as 127.0.0.1:4327, [::1]:4327, 0.0.0.0:4327 or unix:///run/ebpf-receiver.sock, found nothing",
        ],
        _files.Errors("metrics: { intervall: 1s }\nlag: {}\nreceiver: { endpoint: }\n").Order(StringComparer.Ordinal));

    [Fact]
    public void A_missing_file_is_named()
    {
        var e = Assert.Throws<EbpfReceiver.Configuration.ConfigurationException>(() => _files.LoadFiles(["/nowhere/a.yaml"]));
        Assert.Equal("/nowhere/a.yaml: there is no such file", e.Message);
    }

    [Theory]
    [InlineData("metrics.intervall=1s", "--set metrics.intervall: metrics.intervall: unknown key; did you mean interval?")]
    [InlineData("metrics.interval=soon", "--set metrics.interval: metrics.interval: expected a duration such as 1s or 15s, from 100ms to 1h, found \"soon\"")]
    [InlineData("metrics.interval", "--set metrics.interval: expected key=value, such as exporters.otlp.endpoint=http://collector:4317")]
    [InlineData("metrics=1s", "--set metrics: metrics: expected a mapping of keys, found \"1s\"")]
    public void Errors_of_overrides_name_the_override(string text, string error) => Assert.Equal([error], _files.Errors(null, text));

    [Fact]
    public void What_is_not_yaml_is_refused_with_its_line()
    {
        string error = Assert.Single(_files.Errors("log: {\n  level: info\nmetrics: [\n"));
        Assert.StartsWith("a.yaml:", error);
        Assert.Contains("this is not YAML", error);
    }

    [Fact]
    public void Aliases_that_multiply_are_refused()
    {
        string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 10; i++)
            yaml += $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n";
        Assert.Contains("the document has more than 100000 values", Assert.Single(_files.Errors(yaml)));
    }

    [Fact]
    public void Depth_is_bounded() =>
        Assert.Contains("values are nested more than 32 deep", Assert.Single(_files.Errors("a: " + new string('[', 1000) + new string(']', 1000))));

    [Fact]
    public void Random_documents_are_refused_in_words_and_never_by_another_exception()
    {
        var random = new Random(20261122);
        string alphabet = "{}[]:,-&*!|>'\"%@`#?~ \n\tabcexportersotlpendpoint0123456789${env:X}";
        for (int i = 0; i < 2000; i++)
        {
            string yaml = string.Create(random.Next(1, 60), random, (span, r) =>
            {
                foreach (ref char c in span)
                    c = alphabet[r.Next(alphabet.Length)];
            });
            try
            {
                _files.Load(yaml);
            }
            catch (EbpfReceiver.Configuration.ConfigurationException)
            {
            }
            catch (Exception e)
            {
                Assert.Fail($"{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(yaml))}: {e}");
            }
        }
    }
}

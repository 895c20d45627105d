using EbpfReceiver.Configuration;

namespace EbpfReceiver.Tests.Configuration;

public class ConfigurationDifferenceTests
{
    private const string Before = """
        receiver: { endpoint: 127.0.0.1:4327 }
        probes: { exclude: [sched, block] }
        exporters:
          otlp: { endpoint: "http://127.0.0.1:4317", headers: { a: b } }
          console:
        """;

    [Theory]
    [InlineData(Before, "")]
    [InlineData("""
        # Another order, another style, the same values.
        exporters: { console: , otlp: { headers: { a: "b" }, endpoint: 'http://127.0.0.1:4317' } }
        probes:
          exclude:
            - sched
            - block
        receiver: { endpoint: "127.0.0.1:4327" }
        """, "")]
    [InlineData("""
        receiver: { endpoint: 127.0.0.1:4327, stop_timeout: 5s }
        probes: { exclude: [block, sched] }
        exporters:
          otlp: { endpoint: "http://127.0.0.1:4318", headers: { a: c }, timeout: 3s }
        """, "exporters.console exporters.otlp.endpoint exporters.otlp.headers.a exporters.otlp.timeout probes.exclude receiver.stop_timeout")]
    [InlineData("""
        receiver: { endpoint: 127.0.0.1:4327 }
        metrics: { interval: 1s }
        """, "exporters.console exporters.otlp.endpoint exporters.otlp.headers.a metrics.interval probes.exclude")]
    public void Keys_whose_values_differ_are_named_and_style_does_not_matter(string after, string paths)
    {
        Assert.Equal(
            paths.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ConfigurationDifference.Between(Load(Before), Load(after)));
    }

    private static ReceiverConfiguration Load(string yaml)
    {
        string path = Path.Combine(Path.GetTempPath(), $"difference-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, yaml);
        try
        {
            return ConfigurationLoader.Load(new ConfigurationSources { Files = [path], Variable = _ => null });
        }
        finally
        {
            File.Delete(path);
        }
    }
}

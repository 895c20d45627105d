using System.Text.Json;
using System.Text.RegularExpressions;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Tests.Configuration;

public sealed class SchemaDocumentTests
{
    private static string Docs(string name)
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "ebpf-receiver.sln")))
                return Path.Combine(d.FullName, "docs", name);
        }

        throw new DirectoryNotFoundException("The repository's root is not above the tests.");
    }

    [Fact]
    public void The_committed_schema_is_current() => Assert.Equal(SchemaDocuments.JsonSchema(), File.ReadAllText(Docs("configuration.schema.json")));

    [Fact]
    public void The_key_table_of_the_documentation_is_current()
    {
        Match table = Regex.Match(File.ReadAllText(Docs("configuration.md")), "<!-- keys: [^\n]*-->\n(.*)<!-- /keys -->", RegexOptions.Singleline);
        Assert.Equal(SchemaDocuments.KeyTable(), table.Groups[1].Value);
    }

    [Fact]
    public void The_example_of_the_documentation_is_accepted()
    {
        string yaml = Regex.Match(File.ReadAllText(Docs("configuration.md")), "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        using var files = new ConfigurationFiles();
        ReceiverConfiguration c = files.Load(yaml);
        Assert.NotNull(c.Exporters.OtlpHttp);
    }

    [Fact]
    public void Every_default_of_the_table_is_read_without_an_error()
    {
        using var files = new ConfigurationFiles();
        ReceiverConfiguration c = files.Load("exporters: { otlp: , otlp_http: , prometheus: , file: , console: }");
        Assert.Null(c.Exporters.Otlp!.Retry.MaxElapsedTime);
        Assert.Null(c.Exporters.Otlp.SendingQueue.Storage);
        Assert.Equal((1000, 10), (c.Exporters.Otlp.SendingQueue.Size, c.Exporters.Otlp.SendingQueue.Consumers));
        Assert.Equal((0.5, 1.5), (c.Exporters.Otlp.Retry.RandomizationFactor, c.Exporters.Otlp.Retry.Multiplier));
        Assert.Equal(16 << 20, c.Exporters.OtlpHttp!.SendingQueue.MaxBytes);
        Assert.Equal("http://127.0.0.1:4318/", c.Exporters.OtlpHttp.Endpoint.ToString());
        Assert.Equal(256 << 10, c.Probes.SampleBuffer.SizePerCpu);
    }

    [Fact]
    public void The_schema_refuses_unknown_keys_and_lists_choices()
    {
        using JsonDocument schema = JsonDocument.Parse(SchemaDocuments.JsonSchema());
        JsonElement root = schema.RootElement;
        Assert.False(root.GetProperty("additionalProperties").GetBoolean());
        JsonElement attach = root.GetProperty("properties").GetProperty("probes").GetProperty("properties").GetProperty("attach");
        Assert.Equal("auto", attach.GetProperty("default").GetString());
        Assert.Equal(
            ["auto", "tp_btf", "raw_tp", "tracepoint", "fentry", "kprobe"],
            attach.GetProperty("anyOf")[0].GetProperty("enum").EnumerateArray().Select(e => e.GetString()!));
    }
}

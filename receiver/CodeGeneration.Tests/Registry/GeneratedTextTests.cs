using EbpfReceiver.CodeGeneration.Registry;
using Xunit;

namespace EbpfReceiver.CodeGeneration.Tests.Registry;

public class GeneratedTextTests
{
    [Fact]
    public void The_reference_in_docs_is_that_of_the_registry()
    {
        string committed = File.ReadAllText(Path.Combine(RegistryFiles.Root, "docs/telemetry.md"));
        Assert.True(
            committed == new ReferenceWriter(RegistryFiles.Registry).Write(),
            "docs/telemetry.md is not current. Run: "
            + "dotnet run --project receiver/CodeGeneration -- registry probes/registry --reference docs/telemetry.md");
    }

    [Fact]
    public void Constants_have_the_names_units_and_kinds_of_the_registry()
    {
        string text = new ConstantsWriter(RegistryFiles.Registry, "Some.Space", "1.2.3").Write();
        Assert.Contains("namespace Some.Space;\n", text);
        Assert.Contains("    public static ReadOnlySpan<byte> DnsQuestionName => \"dns.question.name\"u8;\n", text);
        Assert.Contains("    public const string DnsQuestionName = \"dns.question.name\";\n", text);
        Assert.Contains("    public static ReadOnlySpan<byte> NetworkIoDirectionTransmit => \"transmit\"u8;\n", text);
        Assert.Contains("    public static ReadOnlySpan<byte> TcpConnect => \"tcp connect\"u8;\n", text);
        Assert.Contains("    public static ReadOnlySpan<byte> ProcessExec => \"process.exec\"u8;\n", text);
        Assert.Contains(
            """
                public static readonly MetricDescriptor DnsLookupDuration =
                    new("dns.lookup.duration", "s", "Time that a lookup took.",
                        MetricKind.ExponentialHistogram, false);

            """,
            text);
        Assert.Contains("    public static readonly EncodedScope Tcp = new(\"ebpf-receiver/tcp\", \"1.2.3\", null);\n", text);
        Assert.Contains("    public static readonly EncodedScope Self = new(\"ebpf-receiver\", \"1.2.3\", null);\n", text);
    }

    [Fact]
    public void The_schema_is_that_of_the_conventions_in_the_manifest()
    {
        Assert.Equal("https://opentelemetry.io/schemas/1.44.0", RegistryFiles.Registry.SchemaUrl);
        Assert.False(RegistryFiles.Registry.IsConventional("tcp"));
    }
}

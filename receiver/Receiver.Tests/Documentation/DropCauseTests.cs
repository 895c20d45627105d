using System.Text.RegularExpressions;
using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Services;
using EbpfReceiver.Tests.Services;

namespace EbpfReceiver.Tests.Documentation;

/// <summary>The registry lists every cause of loss that is counted, and the documentation says what helps.</summary>
public partial class DropCauseTests
{
    [Fact]
    public void Every_cause_of_an_outlet_is_in_the_registry_and_documented()
    {
        IEnumerable<string> causes = Enum.GetValues<DropCause>().Select(DropCauses.NameOf);
        Assert.Empty(causes.Except(Registered()));
        string documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "troubleshooting.md"));
        Assert.All(causes, cause => Assert.Contains($"| exporter | `{cause}` |", documented, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_cause_of_a_declared_probe_is_in_the_registry() =>
        Assert.Empty(Enum.GetValues<LossCause>().Select(LossReading.NameOf).Except(Registered()));

    [Fact]
    public void Every_cause_of_a_refusal_is_in_the_registry_and_documented()
    {
        IEnumerable<string> causes = Enum.GetValues<RefusalCause>().Select(EndpointStatistics.NameOf);
        Assert.Empty(causes.Except(Registered()));
        string documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "troubleshooting.md"));
        Assert.All(causes, cause => Assert.Contains($"\n| `{cause}` |", documented, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Registered()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "probes", "registry", "attributes.yaml"));
        int start = text.IndexOf("- id: ebpf_receiver.drop.cause", StringComparison.Ordinal);
        string part = text[start..text.IndexOf("- id: ebpf_receiver.drop.stage", StringComparison.Ordinal)];
        return Value().Matches(part).Select(found => found.Groups[1].Value);
    }

    [GeneratedRegex(@"value: (\w+),")]
    private static partial Regex Value();
}

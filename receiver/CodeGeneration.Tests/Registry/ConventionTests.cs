using EbpfReceiver.CodeGeneration.Registry;
using Xunit;

namespace EbpfReceiver.CodeGeneration.Tests.Registry;

public class ConventionTests
{
    private static readonly TelemetryRegistry s_registry = RegistryFiles.Registry;

    public static TheoryData<string> ConventionalMetrics =>
        [.. s_registry.Groups.Where(g => g.Type == GroupType.Metric && g.Conventional).Select(g => g.Id).Distinct()];

    public static TheoryData<string> ConventionalAttributes => [.. s_registry.Attributes.Where(a => a.Conventional).Select(a => a.Id)];

    [Theory]
    [MemberData(nameof(ConventionalMetrics))]
    public void A_conventional_metric_is_as_the_conventions_have_it(string id)
    {
        RegistryGroup metric = s_registry.Groups.First(g => g.Id == id);
        Assert.True(SemanticConventions.Metrics.TryGetValue(metric.Name, out SemanticConventions.Metric? convention), "not in the list");
        Assert.Equal(
            (convention.Instrument, convention.Unit, convention.Stability), (metric.Instrument, metric.Unit, metric.Stability));
        Assert.Subset(metric.Attributes.Select(a => a.Attribute.Id).ToHashSet(), convention.Required.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(ConventionalAttributes))]
    public void A_conventional_attribute_is_as_the_conventions_have_it(string id)
    {
        RegistryAttribute attribute = s_registry.Attributes.Single(a => a.Id == id);
        Assert.True(SemanticConventions.Attributes.TryGetValue(id, out SemanticConventions.Attribute? convention), "not in the list");
        Assert.Equal((convention.Type, convention.Stability), (attribute.Type, attribute.Stability));
        Assert.Subset(convention.Members.ToHashSet(), attribute.Members.Select(m => m.Value).ToHashSet());
    }

    [Fact]
    public void What_the_conventions_have_is_not_called_interim()
    {
        Assert.DoesNotContain(
            s_registry.Groups, g => g.Type == GroupType.Metric && !g.Conventional && SemanticConventions.Metrics.ContainsKey(g.Name));
        Assert.DoesNotContain(s_registry.Attributes, a => !a.Conventional && SemanticConventions.Attributes.ContainsKey(a.Id));
    }

    [Fact]
    public void Interim_names_are_in_namespaces_of_their_own()
    {
        string[] spaces = ["linux.", "ebpf_receiver.", "system.network.tcp."];
        Assert.All(
            s_registry.Groups.Where(g => g.Type == GroupType.Metric && !g.Conventional),
            g => Assert.Contains(spaces, s => g.Name.StartsWith(s, StringComparison.Ordinal)));
    }

    [Fact]
    public void Durations_are_in_seconds_sizes_in_bytes_and_counts_have_a_noun()
    {
        Assert.All(
            s_registry.Groups.Where(g => g.Type == GroupType.Metric),
            g => Assert.True(
                g.Unit is "s" or "By" || (g.Unit.StartsWith('{') && g.Unit.EndsWith('}')) || (g.Unit == "1" && g.Name.EndsWith(".ratio", StringComparison.Ordinal)),
                $"{g.Name}: {g.Unit}"));
        Assert.All(s_registry.Groups.Where(g => g.Instrument == "histogram"), g => Assert.Equal("s", g.Unit));
    }

    [Fact]
    public void A_name_is_no_namespace_of_another()
    {
        string[] names = [.. s_registry.Attributes.Select(a => a.Id)];
        Assert.All(names, name => Assert.DoesNotContain(names, other => other.StartsWith(name + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_attribute_is_used_and_a_metric_of_one_name_is_the_same_everywhere()
    {
        HashSet<string> used = [.. s_registry.Groups.SelectMany(g => g.Attributes).Select(a => a.Attribute.Id)];
        // Written on the overflow series of any metric.
        used.Add("otel.metric.overflow");
        // Written on the spans and log records of any declared probe that looks at a share of its hits.
        used.Add("ebpf_receiver.sampling.count");
        Assert.Equal(s_registry.Attributes.Select(a => a.Id), s_registry.Attributes.Select(a => a.Id).Where(used.Contains));
        foreach (IGrouping<string, RegistryGroup> same in s_registry.Groups.Where(g => g.Type == GroupType.Metric).GroupBy(g => g.Name))
            Assert.Single(same.Select(g => (g.Instrument, g.Unit)).Distinct());
    }
}

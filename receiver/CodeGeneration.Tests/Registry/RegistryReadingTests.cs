using EbpfReceiver.CodeGeneration.Registry;
using Xunit;

namespace EbpfReceiver.CodeGeneration.Tests.Registry;

public sealed class RegistryReadingTests : IDisposable
{
    private const string Attributes = """
        groups:
          - id: registry.test
            type: attribute_group
            brief: Test.
            attributes:
              - { id: test.name, type: string, stability: development, brief: A name. }
              - id: test.kind
                type: { members: [{ id: one, value: "1st", brief: First., stability: development }] }
                stability: development
                brief: A kind.

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("registry-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_metric_gets_its_attributes_with_requirement_and_condition()
    {
        TelemetryRegistry registry = Load("""
            groups:
              - id: metric.test.duration
                type: metric
                metric_name: test.duration
                instrument: histogram
                unit: s
                stability: development
                brief: A duration.
                annotations: { resource: host }
                attributes:
                  - { ref: test.name, requirement_level: required }
                  - ref: test.kind
                    requirement_level: { conditionally_required: there is one }
            """);
        RegistryGroup metric = Assert.Single(registry.Groups);
        Assert.Equal(("test.duration", "histogram", "s", "probe", true), (metric.Name, metric.Instrument, metric.Unit, metric.Area, metric.OfHost));
        Assert.Equal(
            [("test.name", "required", null), ("test.kind", "conditionally_required", "there is one")],
            metric.Attributes.Select(a => (a.Attribute.Id, a.Requirement, a.Condition)));
    }

    [Theory]
    [InlineData("metric_nam: x", 3, "'metric_nam' is not known here")]
    [InlineData("metric_name: x\n    instrument: clock", 4, "'instrument' must be one of counter, updowncounter, gauge, histogram, not 'clock'.")]
    [InlineData("metric_name: x\n    instrument: counter", 2, "'unit' is missing.")]
    [InlineData("metric_name: x\n    instrument: counter\n    unit: s\n    attributes:\n      - { ref: test.nam, requirement_level: required }", 7, "There is no attribute 'test.nam'.")]
    [InlineData("metric_name: [x", 0, "This is not YAML")]
    public void What_is_wrong_is_refused_with_its_line(string text, long line, string reason)
    {
        RegistryException refused = Assert.Throws<RegistryException>(
            () => Load($"groups:\n  - id: metric.x\n    {text}\n    type: metric\n    stability: development\n    brief: X.\n"));
        Assert.Contains(reason, refused.Reason);
        Assert.Equal(Path.Combine(_folder, "probe.yaml"), refused.File);
        Assert.Equal(line, refused.Line);
    }

    [Theory]
    [InlineData("conventional: true", true)]
    [InlineData("conventional: false", false)]
    public void A_scope_can_name_the_schema_when_all_its_names_are_conventional(string attributes, bool expected)
    {
        const string Event = """
            groups:
              - id: event.x
                type: event
                name: x
                stability: development
                brief: X.
                annotations: { conventional: true }
                attributes:
                  - { ref: test.name, requirement_level: required }
            """;
        TelemetryRegistry registry = Load(Event, Attributes.Replace("brief: Test.", $"brief: Test.\n    annotations: {{ {attributes} }}"));
        Assert.Equal(expected, registry.IsConventional("probe"));
        Assert.False(Load(Event.Replace("true", "false"), Attributes).IsConventional("probe"));
    }

    [Fact]
    public void A_group_or_attribute_is_defined_once()
    {
        const string Event = "groups:\n  - { id: event.x, type: event, name: x, stability: development, brief: X. }\n";
        Assert.Contains(
            "'event.x' is defined twice",
            Assert.Throws<RegistryException>(() => Load(Event + "  - { id: event.x, type: event, name: y, stability: development, brief: Y. }\n")).Reason);
        File.WriteAllText(Path.Combine(_folder, "zz.yaml"), Attributes.Replace("registry.test", "registry.again"));
        Assert.Contains("'test.name' is defined twice", Assert.Throws<RegistryException>(() => Load(Event)).Reason);
    }

    private TelemetryRegistry Load(string probe, string attributes = Attributes)
    {
        File.WriteAllText(Path.Combine(_folder, "attributes.yaml"), attributes);
        File.WriteAllText(Path.Combine(_folder, "probe.yaml"), probe);
        return TelemetryRegistry.Load(_folder);
    }
}

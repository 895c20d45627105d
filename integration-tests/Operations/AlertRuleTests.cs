using EbpfReceiver.IntegrationTests.Processes;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace EbpfReceiver.IntegrationTests.Operations;

/// <summary>The alert rules fire for what they are meant for, and say what to do.</summary>
public class AlertRuleTests
{
    [Fact]
    public void Promtool_finds_nothing_wrong_with_the_rules()
    {
        CommandResult checkedRules = Command.Run("promtool", ["check", "rules", "alerts.yaml"], directory: OperationFiles.AlertDirectory);
        Assert.True(checkedRules.ExitCode == 0, checkedRules.Output + checkedRules.Error);
    }

    [Fact]
    public void Every_rule_fires_for_what_it_is_meant_for_and_not_for_the_series_beside_it()
    {
        CommandResult tested = Command.Run("promtool", ["test", "rules", "alerts.test.yaml"], directory: OperationFiles.AlertDirectory);
        Assert.True(tested.ExitCode == 0, tested.Output + tested.Error);
        // A rule without a test of its own would pass.
        IEnumerable<string> expected = ((YamlSequenceNode)OperationFiles.Yaml("alerts.test.yaml")["tests"])
            .SelectMany(test => (YamlSequenceNode)test["alert_rule_test"])
            .Where(test => ((YamlSequenceNode)test["exp_alerts"]).Any())
            .Select(test => $"{test["alertname"]}");
        Assert.Equal(OperationFiles.Alerts().Select(rule => $"{rule["alert"]}").Order(), expected.Order());
    }

    [Fact]
    public void Every_rule_has_a_summary_and_a_place_in_the_documentation()
    {
        string[] headings = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "troubleshooting.md"))
            .Where(line => line.StartsWith('#')).Select(line => line.TrimStart('#').Trim().ToLowerInvariant())];
        Assert.All(OperationFiles.Alerts(), rule =>
        {
            Assert.NotEmpty($"{rule["annotations"]["summary"]}");
            string[] place = $"{rule["annotations"]["runbook"]}".Split('#');
            Assert.Equal("docs/troubleshooting.md", place[0]);
            Assert.Contains(place[1], headings);
            Assert.Contains($"{rule["labels"]["severity"]}", (string[])["critical", "warning", "info"]);
        });
    }
}

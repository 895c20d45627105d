using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace EbpfReceiver.IntegrationTests.Operations;

/// <summary>What deploy/ has for those who operate receivers: alert rules and a dashboard.</summary>
internal static class OperationFiles
{
    public static string AlertDirectory { get; } = Path.Combine(Repository.Root, "deploy", "prometheus");

    /// <summary>The rules of alerts.yaml.</summary>
    public static IReadOnlyList<YamlMappingNode> Alerts() =>
    [
        .. ((YamlSequenceNode)Yaml("alerts.yaml")["groups"])
            .SelectMany(group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>(),
    ];

    /// <summary>A file of deploy/prometheus.</summary>
    public static YamlNode Yaml(string file)
    {
        using StreamReader reader = new(Path.Combine(AlertDirectory, file));
        YamlStream stream = [];
        stream.Load(reader);
        return stream.Documents[0].RootNode;
    }

    public static JsonElement Dashboard()
    {
        string file = Path.Combine(Repository.Root, "deploy", "grafana", "ebpf-receiver.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.Clone();
    }

    /// <summary>The dashboard's expressions, with Grafana's variables replaced by what they stand for.</summary>
    public static IReadOnlyList<(string Panel, string Expression)> DashboardExpressions() =>
    [
        .. from panel in Dashboard().GetProperty("panels").EnumerateArray()
           where panel.TryGetProperty("targets", out _)
           from target in panel.GetProperty("targets").EnumerateArray()
           select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!
               .Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal)),
    ];
}

using System.Text;
using EbpfReceiver.CodeGeneration.Registry;
using YamlDotNet.RepresentationModel;

namespace EbpfReceiver.CodeGeneration.Catalogue;

/// <summary>The lines of the index for one file of the catalogue. Whether its probes are right is for the compiler's tests to say.</summary>
internal static class CatalogueIndex
{
    public static void Append(StringBuilder index, string path)
    {
        List<YamlMappingNode> probes = [];
        foreach ((YamlNode key, YamlNode value) in Mapping(YamlMap.Load(path), path))
        {
            if (key is YamlScalarNode { Value: "probes" } && value is YamlSequenceNode list)
                probes.AddRange(list.Select(p => Mapping(p, path)));
        }

        for (int i = 0; i < probes.Count; i++)
        {
            string name = Text(probes[i], "name");
            if (name.Length == 0) throw new RegistryException(path, probes[i].Start.Line, "A probe without a name.");
            long next = i + 1 < probes.Count ? probes[i + 1].Start.Line : 0;
            string[] fields =
            [
                Path.GetFileName(path), $"{probes[i].Start.Line}", $"{next}", name, Text(probes[i], "group"),
                Text(probes[i], "enabled") == "false" ? "false" : "true", Text(probes[i], "description"),
            ];
            index.AppendJoin('\t', fields).Append('\n');
        }
    }

    private static YamlMappingNode Mapping(YamlNode node, string path) =>
        node as YamlMappingNode ?? throw new RegistryException(path, node.Start.Line, "A mapping is expected here.");

    /// <summary>A value in one line; the descriptions that people read are wrapped to the terminal anyway.</summary>
    private static string Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value) && value is YamlScalarNode { Value: { } text }
            ? text.Trim().ReplaceLineEndings(" ").Replace('\t', ' ')
            : "";
}

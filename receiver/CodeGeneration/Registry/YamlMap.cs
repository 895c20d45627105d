using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>A YAML mapping whose keys are all accounted for: what is asked for must be there, what is not known is refused.</summary>
internal sealed class YamlMap
{
    private readonly Dictionary<string, YamlNode> _nodes = [];
    private readonly string _file;
    private readonly YamlNode _node;

    public YamlMap(YamlNode node, string file, params ReadOnlySpan<string> known)
    {
        _file = file;
        _node = node;
        if (node is not YamlMappingNode mapping) throw Error(node, "A mapping is expected here.");
        foreach ((YamlNode key, YamlNode value) in mapping)
        {
            string name = (key as YamlScalarNode)?.Value ?? throw Error(key, "A key must be a word.");
            if (!known.Contains(name)) throw Error(key, $"'{name}' is not known here; known are {string.Join(", ", known.ToArray())}.");
            _nodes.Add(name, value);
        }
    }

    public bool Has(string key) => _nodes.ContainsKey(key);

    public YamlNode? Node(string key) => _nodes.GetValueOrDefault(key);

    public string Required(string key) =>
        Optional(key) is { Length: > 0 } text ? text : throw Error(_node, $"'{key}' is missing.");

    public string Optional(string key) => _nodes.TryGetValue(key, out YamlNode? node) ? Text(node) : "";

    public bool Flag(string key) => Optional(key) switch
    {
        "" or "false" => false,
        "true" => true,
        string other => throw Error(_nodes[key], $"'{key}' must be true or false, not '{other}'."),
    };

    /// <summary>One of a few words.</summary>
    public string Word(string key, params ReadOnlySpan<string> words)
    {
        string word = Required(key);
        return words.Contains(word)
            ? word
            : throw Error(_nodes[key], $"'{key}' must be one of {string.Join(", ", words.ToArray())}, not '{word}'.");
    }

    public IEnumerable<YamlNode> Sequence(string key)
    {
        if (!_nodes.TryGetValue(key, out YamlNode? node)) return [];
        return node as YamlSequenceNode ?? throw Error(node, $"'{key}' must be a list.");
    }

    public string Text(YamlNode node) =>
        (node as YamlScalarNode)?.Value ?? throw Error(node, "A word or a sentence is expected here.");

    public RegistryException Error(string message) => Error(_node, message);

    public RegistryException Error(YamlNode node, string message) => new(_file, node.Start.Line, message);

    /// <summary>The one document of a file.</summary>
    public static YamlNode Load(string path)
    {
        YamlStream stream = [];
        try
        {
            using StreamReader reader = File.OpenText(path);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            throw new RegistryException(path, e.Start.Line, e.InnerException?.Message ?? e.Message);
        }
        catch (InvalidOperationException e)
        {
            // YamlDotNet 18 throws it for a list in brackets that the file ends in.
            throw new RegistryException(path, 0, $"This is not YAML: {e.Message}");
        }

        if (stream.Documents.Count != 1) throw new RegistryException(path, 0, "A registry file is one YAML document.");
        return stream.Documents[0].RootNode;
    }
}

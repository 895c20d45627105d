using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EbpfReceiver.Configuration;

/// <summary>
/// YAML text to nodes, on the events of YamlDotNet's parser: its object binding needs reflection. A document is hostile input: its
/// length, its depth and the number of its nodes (aliases repeat nodes) are bounded.
/// </summary>
internal sealed class YamlReader
{
    public const int MaxLength = 1 << 20;
    public const int MaxDepth = 32;
    public const int MaxNodes = 100_000;

    private readonly string _source;
    private readonly bool _withLines;
    private readonly Parser _parser;
    private readonly List<ConfigurationError> _errors;
    private readonly Dictionary<string, (ConfigurationNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;
    private ConfigurationLocation _last;

    private YamlReader(string text, string source, bool withLines, List<ConfigurationError> errors)
    {
        _source = source;
        _withLines = withLines;
        _last = new(source);
        _parser = new Parser(new StringReader(text));
        _errors = errors;
    }

    /// <summary>Reads a whole document; null, with an error added, when it is not YAML. An empty document is a null scalar.</summary>
    /// <param name="text">The document.</param>
    /// <param name="source">Its name in locations.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <param name="withLines">Whether lines and columns mean something to the reader; not for a value of the command line.</param>
    public static ConfigurationNode? Read(string text, string source, List<ConfigurationError> errors, bool withLines = true)
    {
        if (text.Length > MaxLength)
        {
            errors.Add(new(new(source), "", $"the document is larger than {MaxLength >> 20} MiB"));
            return null;
        }

        var reader = new YamlReader(text, source, withLines, errors);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            errors.Add(new(reader.At(e.Start), "", $"this is not YAML: {Sentence(e)}"));
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner of YamlDotNet 18.1 throws this for some unfinished flow collections, as in "a: [b\nc: {".
            errors.Add(new(reader._last, "", "this is not YAML: a list or mapping that starts around here is not closed"));
            return null;
        }
        catch (RefusedException e)
        {
            errors.Add(new(e.Location, "", e.Message));
            return null;
        }
    }

    private ConfigurationNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return new ScalarNode(At(Mark.Empty), "", false);
        _parser.Consume<DocumentStart>();
        ConfigurationNode root = ReadNode("", 0);
        _parser.Consume<DocumentEnd>();
        if (Peek() is not StreamEnd)
            throw new RefusedException(At(Peek().Start), "a second document starts here; a file holds one");
        return root;
    }

    private ConfigurationNode ReadNode(string path, int depth)
    {
        ConfigurationLocation location = _last = At(Peek().Start);
        if (++_nodes > MaxNodes)
            throw new RefusedException(location, $"the document has more than {MaxNodes} values");
        if (depth > MaxDepth)
            throw new RefusedException(location, $"values are nested more than {MaxDepth} deep");

        if (TryTake(out AnchorAlias? alias))
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var target))
                throw new RefusedException(location, $"the alias *{alias.Value.Value} names no anchor before it");
            _nodes += target.Size;
            if (_nodes > MaxNodes)
                throw new RefusedException(location, $"the document has more than {MaxNodes} values");
            return target.Node;
        }

        AnchorName anchor = (Peek() as NodeEvent)?.Anchor ?? AnchorName.Empty;
        int before = _nodes;
        ConfigurationNode node = ReadContent(path, depth, location);
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    private ConfigurationNode ReadContent(string path, int depth, ConfigurationLocation location)
    {
        if (TryTake(out Scalar? scalar))
            return new ScalarNode(location, scalar.Value, scalar.Style is not ScalarStyle.Plain);

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<ConfigurationNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
            return new ListNode(location, items);
        }

        _parser.Consume<MappingStart>();
        var entries = new List<MapEntry>();
        var seen = new Dictionary<string, ConfigurationLocation>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ConfigurationLocation keyLocation = At(Peek().Start);
            if (!TryTake(out Scalar? key))
                throw new RefusedException(keyLocation, "a key is a plain text here, not a list, a mapping or an alias");
            string keyPath = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            ConfigurationNode value = ReadNode(keyPath, depth + 1);
            if (seen.TryGetValue(key.Value, out ConfigurationLocation first))
            {
                _errors.Add(new(keyLocation, keyPath, $"this key is there twice; the first is in line {first.Line}"));
                continue;
            }

            seen.Add(key.Value, keyLocation);
            entries.Add(new MapEntry(key.Value, keyLocation, value));
        }

        return new MapNode(location, entries);
    }

    private bool TryTake<T>([NotNullWhen(true)] out T? taken)
        where T : ParsingEvent
    {
        taken = Peek() as T;
        if (taken is not null)
            _parser.MoveNext();
        return taken is not null;
    }

    private ParsingEvent Peek()
    {
        if (_parser.Current is null)
            _parser.MoveNext();
        return _parser.Current!;
    }

    private ConfigurationLocation At(in Mark mark) =>
        _withLines ? new(_source, (int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1)) : new(_source);

    private static string Sentence(YamlException e)
    {
        // YamlDotNet puts the position in front of some messages; ours has it already.
        string message = e.Message;
        int end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return (end < 0 ? message : message[(end + 3)..]).TrimEnd('.');
    }

    private sealed class RefusedException(ConfigurationLocation location, string message) : Exception(message)
    {
        public ConfigurationLocation Location { get; } = location;
    }
}

using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// YAML text to nodes, on the events of YamlDotNet's parser: its object binding needs reflection. A probe file is hostile input: its
/// length, depth and number of values are bounded, and there are no aliases, which make little text into much.
/// </summary>
internal sealed class YamlReader
{
    public const int MaxLength = 1 << 20;
    public const int MaxDepth = 24;
    public const int MaxValues = 50_000;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly DiagnosticBag _diagnostics;
    private SourceLocation _last;
    private int _values;

    private YamlReader(string text, string file, DiagnosticBag diagnostics)
    {
        _file = file;
        _last = new(file);
        _parser = new Parser(new StringReader(text));
        _diagnostics = diagnostics;
    }

    /// <summary>Reads a whole document; null, with an error added, when it is not YAML. An empty document is a null scalar.</summary>
    public static YamlNode? Read(string text, string file, DiagnosticBag diagnostics)
    {
        if (text.Length > MaxLength)
        {
            diagnostics.Add(new(file), "", $"the file is larger than {MaxLength >> 20} MiB");
            return null;
        }

        var reader = new YamlReader(text, file, diagnostics);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            diagnostics.Add(reader.At(e.Start), "", $"this is not YAML: {Sentence(e)}");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or InvalidCastException)
        {
            // The scanner of YamlDotNet 18.1 throws these for some unfinished flow collections ("a: [b\nc: {") and bad escapes.
            diagnostics.Add(reader._last, "", "this is not YAML: a list, mapping or text that starts around here is not closed");
            return null;
        }
        catch (RefusedException e)
        {
            diagnostics.Add(e.Location, "", e.Message);
            return null;
        }
    }

    private YamlNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return new YamlScalar(At(Mark.Empty), "", YamlScalarStyle.Plain);
        _parser.Consume<DocumentStart>();
        YamlNode root = ReadNode("", 0);
        _parser.Consume<DocumentEnd>();
        if (Peek() is not StreamEnd)
            throw new RefusedException(At(Peek().Start), "a second document starts here; a probe file holds one, with a list of probes");
        return root;
    }

    private YamlNode ReadNode(string path, int depth)
    {
        SourceLocation location = _last = At(Peek().Start);
        if (++_values > MaxValues)
            throw new RefusedException(location, $"the file has more than {MaxValues} values");
        if (depth > MaxDepth)
            throw new RefusedException(location, $"values are nested more than {MaxDepth} deep");
        if (Peek() is AnchorAlias alias)
            throw new RefusedException(location, $"the alias *{alias.Value.Value} is not taken: probe files have no anchors and aliases; write the value out");

        if (TryTake(out Scalar? scalar))
        {
            return new YamlScalar(location, scalar.Value, scalar.Style switch
            {
                ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => YamlScalarStyle.Quoted,
                ScalarStyle.Literal or ScalarStyle.Folded => YamlScalarStyle.Block,
                _ => YamlScalarStyle.Plain,
            });
        }

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode($"{path}[{items.Count}]", depth + 1));
            return new YamlList(location, items);
        }

        return ReadMap(path, depth, location);
    }

    private YamlMap ReadMap(string path, int depth, SourceLocation location)
    {
        _parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            SourceLocation keyLocation = At(Peek().Start);
            if (!TryTake(out Scalar? key))
                throw new RefusedException(keyLocation, "a key is a plain text here, not a list, a mapping or an alias");
            string keyPath = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            YamlNode value = ReadNode(keyPath, depth + 1);
            if (seen.TryGetValue(key.Value, out SourceLocation first))
            {
                _diagnostics.Add(keyLocation, keyPath, $"this key is there twice; the first is in line {first.Line}");
                continue;
            }

            seen.Add(key.Value, keyLocation);
            entries.Add(new YamlEntry(key.Value, keyLocation, value));
        }

        return new YamlMap(location, entries);
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
        return _parser.Current ?? throw new RefusedException(_last, "the document ends too early");
    }

    private SourceLocation At(in Mark mark) => new(_file, (int)Math.Max(mark.Line, 1), (int)Math.Max(mark.Column, 1));

    private static string Sentence(YamlException e)
    {
        // YamlDotNet puts the position in front of some messages; ours has it already.
        string message = e.Message;
        int end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        string sentence = (end < 0 ? message : message[(end + 3)..]).TrimEnd('.');

        // Commas and brackets of an expression are taken for those of YAML within braces and brackets: the commonest slip.
        return sentence.Contains("flow", StringComparison.Ordinal) || sentence.Contains("mapping values", StringComparison.Ordinal)
            ? $"{sentence}; an expression or text with a comma, colon, brace or bracket in it stands in quotes here"
            : sentence;
    }

    private sealed class RefusedException(SourceLocation location, string message) : Exception(message)
    {
        public SourceLocation Location { get; } = location;
    }
}

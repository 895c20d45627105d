using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The keys of a mapping, checked against those that are known; values of the plain kinds.</summary>
internal sealed class FieldReader
{
    private readonly YamlMap _map;

    private FieldReader(YamlMap map, string key, DiagnosticBag diagnostics)
    {
        _map = map;
        Key = key;
        Diagnostics = diagnostics;
    }

    /// <summary>The mapping's own key, in full.</summary>
    public string Key { get; }

    public DiagnosticBag Diagnostics { get; }

    public SourceLocation Location => _map.Location;

    public IReadOnlyList<YamlEntry> Entries => _map.Entries;

    /// <summary>Opens a mapping; null, with an error, if it is none. Unknown keys are errors that name the nearest known ones.</summary>
    public static FieldReader? Open(YamlNode node, string key, DiagnosticBag diagnostics, string what, params string[] known)
    {
        if (node is not YamlMap map)
        {
            diagnostics.Add(node.Location, key, $"{what} is a mapping with {Or(known)}, not {node.Describe()}");
            return null;
        }

        foreach (YamlEntry entry in map.Entries)
        {
            if (Array.IndexOf(known, entry.Key) >= 0)
                continue;
            string suggestion = NearestNames.Suggest(entry.Key, known);
            diagnostics.Add(entry.Location, Join(key, entry.Key), suggestion.Length > 0
                ? $"this key is not known{suggestion}"
                : $"this key is not known; {what} has {Or(known).Replace(" or ", " and ")}");
        }

        return new(map, key, diagnostics);
    }

    public static string Join(string key, string name) => key.Length == 0 ? name : $"{key}.{name}";

    public string PathOf(string name) => Join(Key, name);

    public SourceLocation LocationOf(string name) => _map.Find(name)?.Value.Location ?? _map.Location;

    public bool Has(string name) => _map.Find(name) is not null;

    public YamlNode? Node(string name) => _map.Find(name)?.Value;

    /// <summary>A text; null if the key is not there, or with an error.</summary>
    public string? Text(string name, bool required = false)
    {
        if (_map.Find(name) is not { } entry)
        {
            if (required)
                Diagnostics.Add(Location, Key, $"the key {name} is missing");
            return null;
        }

        if (entry.Value is YamlScalar { IsNull: false } scalar && scalar.Text.Length > 0)
            return scalar.Text;
        Fail(name, $"a text is expected, not {entry.Value.Describe()}");
        return null;
    }

    public bool Flag(string name, bool otherwise)
    {
        switch ((Node(name) as YamlScalar)?.Text)
        {
            case null when !Has(name):
                return otherwise;
            case "true" or "yes" or "on":
                return true;
            case "false" or "no" or "off":
                return false;
            default:
                Fail(name, $"true or false is expected, not {Node(name)!.Describe()}");
                return otherwise;
        }
    }

    /// <summary>A whole number in a range; null if it is not there, or with an error.</summary>
    public int? Integer(string name, int least, int most)
    {
        if (!Has(name))
            return null;
        if (Node(name) is YamlScalar scalar && int.TryParse(scalar.Text.Replace("_", ""), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= least && value <= most)
        {
            return value;
        }

        Fail(name, $"a whole number from {least} to {most} is expected, not {Node(name)!.Describe()}");
        return null;
    }

    /// <summary>One of some words, by a function that knows them; null if it is not there, or with an error.</summary>
    public T? Word<T>(string name, params (string Word, T Value)[] words)
        where T : struct
    {
        if (!Has(name))
            return null;
        string? text = (Node(name) as YamlScalar)?.Text;
        foreach ((string word, T value) in words)
        {
            if (string.Equals(text, word, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        string[] known = [.. words.Select(w => w.Word)];
        Fail(name, $"{Or(known)} is expected, not {Node(name)!.Describe()}{(text is null ? "" : NearestNames.Suggest(text, known))}");
        return null;
    }

    /// <summary>A list of texts; one text alone is a list of one.</summary>
    public IReadOnlyList<YamlScalar> Texts(string name)
    {
        if (!Has(name))
            return [];
        YamlNode node = Node(name)!;
        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [node];
        var result = new List<YamlScalar>();
        foreach (YamlNode item in items)
        {
            if (item is YamlScalar { IsNull: false } scalar && scalar.Text.Length > 0)
                result.Add(scalar);
            else
                Diagnostics.Add(item.Location, PathOf(name), $"a text or a list of texts is expected, not {item.Describe()}");
        }

        return result;
    }

    public void Fail(string name, string message) => Diagnostics.Add(LocationOf(name), PathOf(name), message);

    /// <summary>Takes a scalar with a value; null if the key is not there or, with an error, is something else.</summary>
    public bool TryScalar(string name, string expected, [NotNullWhen(true)] out YamlScalar? scalar)
    {
        scalar = Node(name) as YamlScalar;
        if (scalar is { IsNull: false })
            return true;
        if (Has(name))
            Fail(name, $"{expected} is expected, not {Node(name)!.Describe()}");
        scalar = null;
        return false;
    }

    private static string Or(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names.Take(names.Length - 1))} or {names[^1]}";
}

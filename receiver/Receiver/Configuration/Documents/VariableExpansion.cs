using System.Text;

namespace EbpfReceiver.Configuration;

/// <summary>
/// Replaces <c>${env:NAME}</c> and <c>${env:NAME:-default}</c> in every value by environment variables, as the Collector does; <c>$$</c>
/// stands for a dollar sign. The default is taken where the variable is not set or empty.
/// </summary>
internal sealed class VariableExpansion(Func<string, string?> variable, List<ConfigurationError> errors)
{
    private const string Prefix = "env:";
    private const string DefaultMark = ":-";

    public ConfigurationNode Expand(ConfigurationNode node, string path = "") => node switch
    {
        ScalarNode scalar => ExpandScalar(scalar, path),
        ListNode list => list with { Items = [.. list.Items.Select((item, i) => Expand(item, $"{path}[{i}]"))] },
        MapNode map => map with
        {
            Entries = [.. map.Entries.Select(e => e with { Value = Expand(e.Value, path.Length == 0 ? e.Key : $"{path}.{e.Key}") })],
        },
        _ => node,
    };

    private ScalarNode ExpandScalar(ScalarNode node, string path)
    {
        string text = node.Text;
        if (!text.Contains('$'))
            return node;

        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            char next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] != '$' || next is not ('$' or '{'))
            {
                result.Append(text[i]);
                continue;
            }

            if (next == '$')
            {
                result.Append('$');
                i++;
                continue;
            }

            int end = text.IndexOf('}', i);
            if (end < 0)
            {
                errors.Add(new(node.Location, path, $"\"{text[i..]}\" has no closing brace; write $$ for a dollar sign"));
                return node;
            }

            if (Value(text[(i + 2)..end], node, path) is not { } value)
                return node;
            result.Append(value);
            i = end;
        }

        // A value that a variable gave is a text even when it looks like null, so that an empty one is reported as such.
        return node with { Text = result.ToString(), Quoted = true };
    }

    private string? Value(string reference, ScalarNode node, string path)
    {
        if (!reference.StartsWith(Prefix, StringComparison.Ordinal))
        {
            errors.Add(new(node.Location, path, $"${{{reference}}} is not known; environment variables are written ${{env:NAME}}, a dollar sign $$"));
            return null;
        }

        string name = reference[Prefix.Length..];
        int mark = name.IndexOf(DefaultMark, StringComparison.Ordinal);
        string? otherwise = mark < 0 ? null : name[(mark + DefaultMark.Length)..];
        if (mark >= 0)
            name = name[..mark];

        string? value = variable(name);
        if (string.IsNullOrEmpty(value) && otherwise is not null)
            return otherwise;
        if (value is null)
            errors.Add(new(node.Location, path, $"the environment variable {name} is not set; ${{env:{name}:-default}} gives a default"));
        return value;
    }
}

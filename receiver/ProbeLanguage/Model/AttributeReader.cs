namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>attributes</c>: a list of names and expressions, or a mapping from names to expressions.</summary>
internal static class AttributeReader
{
    private const int MaxAttributes = 32;

    public static IReadOnlyList<AttributeDefinition> Read(FieldReader fields)
    {
        if (fields.Node("attributes") is not { } node)
            return [];
        string key = fields.PathOf("attributes");
        var result = new List<AttributeDefinition>();
        switch (node)
        {
            case YamlScalar { IsNull: true }:
                break;
            case YamlMap map:
                AddMap(map, key, result, fields.Diagnostics);
                break;
            case YamlList list:
                for (int i = 0; i < list.Items.Count; i++)
                {
                    if (list.Items[i] is YamlMap item)
                        AddMap(item, $"{key}[{i}]", result, fields.Diagnostics);
                    else if (ReadListed(list.Items[i], $"{key}[{i}]", fields.Diagnostics) is { } attribute)
                        result.Add(attribute);
                }

                break;
            case var other when ReadListed(other, key, fields.Diagnostics) is { } attribute:
                result.Add(attribute);
                break;
        }

        foreach (IGrouping<string, AttributeDefinition> twice in result.GroupBy(a => a.Name).Where(g => g.Count() > 1))
            fields.Diagnostics.Add(twice.Last().Location, twice.Last().Key, $"the attribute {twice.Key} is there twice");
        if (result.Count > MaxAttributes)
            fields.Diagnostics.Add(node.Location, key, $"there are {result.Count} attributes; at most {MaxAttributes} are taken");
        return result;
    }

    private static AttributeDefinition? ReadListed(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            diagnostics.Add(node.Location, key, $"the name of an attribute or an expression is expected, not {node.Describe()}");
            return null;
        }

        string text = scalar.Text.Trim();
        if (WellKnownAttributes.TryGet(text, out string meaning, out string? decoder))
        {
            var source = new ExpressionSource(meaning, scalar.Location, key, ExpressionParser.Parse(meaning), IsOneLine: false);
            return new(text, source, decoder is null ? [] : [new(decoder)], scalar.Location, key);
        }

        if (ExpressionReader.Read(node, key, diagnostics) is not { } expression)
            return null;
        if (NameFor(expression.Root) is { } name)
            return new(name, expression, [], scalar.Location, key);
        diagnostics.Add(scalar.Location, key, $"give this expression a name, as in {{ my.attribute: {(text.Length > 40 ? "..." : text)} }}");
        return null;
    }

    // comm is called so; args.dev is called dev; str(args.filename) is called filename.
    private static string? NameFor(ExpressionSyntax root)
    {
        switch (root)
        {
            case NameSyntax name:
                return name.Name;
            case MemberSyntax { Target: NameSyntax { Name: "ns" } } member:
                return $"ns.{member.Name}";
            case MemberSyntax member:
                return member.Name;
            case CallSyntax { Arguments: [var first, ..], Function: "str" or "ustr" or "kstr" or "ntohs" or "ntohl" }:
                return NameFor(first);
            case CastSyntax cast:
                return NameFor(cast.Operand);
            default:
                return null;
        }
    }

    private static void AddMap(YamlMap map, string key, List<AttributeDefinition> result, DiagnosticBag diagnostics)
    {
        foreach (YamlEntry entry in map.Entries)
        {
            if (ReadOne(entry, FieldReader.Join(key, entry.Key), diagnostics) is { } attribute)
                result.Add(attribute);
        }
    }

    private static AttributeDefinition? ReadOne(YamlEntry entry, string key, DiagnosticBag diagnostics)
    {
        if (entry.Key.Length is 0 or > 128 || entry.Key.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            diagnostics.Add(entry.Location, key, "the name of an attribute has 1 to 128 characters and no spaces");
            return null;
        }

        // "container.id:" with nothing behind it means what it means in a list.
        if (entry.Value is YamlScalar { IsNull: true })
            return ReadListed(new YamlScalar(entry.Location, entry.Key, YamlScalarStyle.Plain), key, diagnostics);
        if (entry.Value is not YamlMap)
        {
            return ExpressionReader.Read(entry.Value, key, diagnostics) is { } simple
                ? new(entry.Key, simple, [], entry.Location, key)
                : null;
        }

        if (FieldReader.Open(entry.Value, key, diagnostics, "an attribute", "expr", "decode", "map", "otherwise") is not { } fields)
            return null;
        if (fields.Node("expr") is not { } node)
        {
            diagnostics.Add(entry.Value.Location, key, "the key expr is missing: the value of the attribute");
            return null;
        }

        ExpressionSource? expression = ExpressionReader.Read(node, fields.PathOf("expr"), diagnostics);
        IReadOnlyList<DecoderSpec> decode = DecoderReader.Read(fields);
        return expression is null ? null : new(entry.Key, expression, decode, entry.Location, key);
    }
}

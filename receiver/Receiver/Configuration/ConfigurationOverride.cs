namespace EbpfReceiver.Configuration;

/// <summary>
/// One value of <c>--set</c> as a document: <c>a.b.c=value</c>. The schema says where a key ends (names of headers and attributes have
/// dots themselves) and whether the value is a plain text, a list (<c>tcp,dns</c> or YAML) or YAML.
/// </summary>
internal static class ConfigurationOverride
{
    public static MapNode Parse(string text, BindingContext context)
    {
        int equals = text.IndexOf('=');
        if (equals <= 0)
        {
            var whole = new ConfigurationLocation($"--set {text}");
            context.Report(whole, "", "expected key=value, such as exporters.otlp.endpoint=http://collector:4317");
            return new MapNode(whole, []);
        }

        string path = text[..equals].Trim();
        string value = text[(equals + 1)..];
        var location = new ConfigurationLocation($"--set {path}");
        List<string> keys = Split(path, out ConfigurationType? type);
        ConfigurationNode node = ReadValue(value, type, location, context);
        for (int i = keys.Count - 1; i >= 0; i--)
            node = new MapNode(location, [new MapEntry(keys[i], location, node)]);
        return (MapNode)node;
    }

    private static List<string> Split(string path, out ConfigurationType? type)
    {
        var keys = new List<string>();
        type = RootKeys.Section;
        while (path.Length > 0)
        {
            int dot = type is IFreeKeys ? -1 : path.IndexOf('.');
            string key = dot < 0 ? path : path[..dot];
            path = dot < 0 ? "" : path[(dot + 1)..];
            keys.Add(key);

            // Below a key that the schema does not know the type is unknown too; binding then reports the key.
            type = type is IFreeKeys ? null : type?.Section?.Keys.FirstOrDefault(k => k.Name == key)?.Type;
        }

        return keys;
    }

    private static ConfigurationNode ReadValue(string value, ConfigurationType? type, ConfigurationLocation location, BindingContext context)
    {
        bool isList = type?.Name.StartsWith("list", StringComparison.Ordinal) == true;
        bool isMapping = type?.Section is not null || type is IFreeKeys;
        string start = value.TrimStart();
        if ((isList && start.StartsWith('[')) || (isMapping && start.Length > 0))
            return YamlReader.Read(value, location.Source, context.Errors, withLines: false) ?? new ScalarNode(location, "", false);
        if (isList)
        {
            string[] items = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return new ListNode(location, [.. items.Select(item => new ScalarNode(location, item, true))]);
        }

        return new ScalarNode(location, value, Quoted: !isMapping);
    }
}

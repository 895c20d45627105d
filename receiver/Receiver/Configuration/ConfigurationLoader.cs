namespace EbpfReceiver.Configuration;

/// <summary>
/// Reads the configuration: files in their order, over them <c>--set</c>, below them the <c>OTEL_*</c> variables, and at the
/// bottom the defaults of the schema.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>With no file at all the receiver shows what it sees, to a person and to a scraper.</summary>
    private const string WithoutFiles = "exporters: { console: {}, prometheus: {} }";

    /// <summary>Reads everything and checks it.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; all errors are in it.</exception>
    public static ReceiverConfiguration Load(ConfigurationSources sources)
    {
        var context = new BindingContext();
        MapNode document = new(new("defaults"), []);
        if (sources.Files.Count == 0)
            document = (MapNode)YamlReader.Read(WithoutFiles, "defaults", context.Errors, withLines: false)!;
        foreach (string file in sources.Files)
            document = ConfigurationMerge.Merge(document, ReadFile(file, context));
        foreach (string text in sources.Overrides)
            document = ConfigurationMerge.Merge(document, ConfigurationOverride.Parse(text, context));

        // What is not even a document would only be reported a second time as a mass of missing or unknown keys.
        ThrowIfAny(context);
        document = (MapNode)new VariableExpansion(sources.Variable, context.Errors).Expand(document);
        ThrowIfAny(context);
        document = new OtlpEnvironment(sources.Variable, context, addExporter: sources.Files.Count == 0).Complete(document);
        ReceiverConfiguration configuration = RootKeys.Section.Read(document, "", context);
        ThrowIfAny(context);
        return configuration with { Document = document };
    }

    private static MapNode ReadFile(string file, BindingContext context)
    {
        var nothing = new MapNode(new(file), []);
        string text;
        try
        {
            var info = new FileInfo(file);
            if (info.Exists && info.Length > YamlReader.MaxLength)
            {
                context.Report(new(file), "", $"the file is larger than {YamlReader.MaxLength >> 20} MiB");
                return nothing;
            }

            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            context.Report(new(file), "", "there is no such file");
            return nothing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Report(new(file), "", $"the file cannot be read: {e.Message}");
            return nothing;
        }

        switch (YamlReader.Read(text, file, context.Errors))
        {
            case MapNode map:
                return map;
            case null or ScalarNode { IsNull: true }:
                return nothing;
            case var other:
                context.Expected(other, "", "a mapping of keys such as probes: and exporters:");
                return nothing;
        }
    }

    private static void ThrowIfAny(BindingContext context)
    {
        if (context.Errors.Count > 0)
            throw new ConfigurationException(context.Errors);
    }
}

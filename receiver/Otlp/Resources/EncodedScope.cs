namespace EbpfReceiver.Otlp;

/// <summary>An instrumentation scope, encoded once: the name and version of what produced the items, and their schema.</summary>
public sealed class EncodedScope
{
    /// <param name="name">Such as <c>ebpf-receiver/tcp</c>.</param>
    /// <param name="version">The producer's version; empty when unknown.</param>
    /// <param name="schemaUrl">Schema URL of the semantic conventions that all names of the scope follow; null when they do not.</param>
    public EncodedScope(string name, string version = "", string? schemaUrl = null)
    {
        Name = name;
        Version = version;
        SchemaUrl = schemaUrl;
        using var writer = new ProtobufWriter(256);
        int scope = writer.BeginPadded(Tag.Length(RequestFields.PerScope.Scope));
        writer.WriteText(Tag.Length(CommonFields.Scope.Name), name.AsSpan());
        if (version.Length > 0)
            writer.WriteText(Tag.Length(CommonFields.Scope.Version), version.AsSpan());
        writer.EndMinimal(scope);
        ScopeField = writer.Written.ToArray();
        writer.Position = 0;
        if (!string.IsNullOrEmpty(schemaUrl))
            writer.WriteText(Tag.Length(RequestFields.PerScope.SchemaUrl), schemaUrl.AsSpan());
        SchemaUrlField = writer.Written.ToArray();
    }

    /// <summary>The scope's name.</summary>
    public string Name { get; }

    /// <summary>The scope's version, or an empty string.</summary>
    public string Version { get; }

    /// <summary>The schema URL of the scope's items, or null.</summary>
    public string? SchemaUrl { get; }

    /// <summary>Field 1 of ScopeSpans, ScopeLogs, ScopeMetrics, with its tag.</summary>
    internal byte[] ScopeField { get; }

    /// <summary>Field 3 of ScopeSpans, ScopeLogs, ScopeMetrics, with its tag; empty when there is none.</summary>
    internal byte[] SchemaUrlField { get; }
}

namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>
/// All telemetry there is: names, units, kinds and attributes, read from <c>probes/registry/*.yaml</c>, which are in the format of
/// OpenTelemetry's semantic-convention registries.
/// </summary>
public sealed class TelemetryRegistry
{
    /// <summary>The area of the receiver's own health.</summary>
    public const string Self = "self";

    private TelemetryRegistry(IReadOnlyList<RegistryAttribute> attributes, IReadOnlyList<RegistryGroup> groups, string schemaUrl)
    {
        Attributes = attributes;
        Groups = groups;
        SchemaUrl = schemaUrl;
    }

    /// <summary>All attributes, by id.</summary>
    public IReadOnlyList<RegistryAttribute> Attributes { get; }

    /// <summary>All groups but those of attributes, by area and then in the order of their file.</summary>
    public IReadOnlyList<RegistryGroup> Groups { get; }

    /// <summary>URL of the schema that conventional names follow.</summary>
    public string SchemaUrl { get; }

    /// <summary>Areas that give telemetry, in order: the probes, and <see cref="Self"/>.</summary>
    public IReadOnlyList<string> Areas =>
        [.. Groups.Where(g => g.Type != GroupType.Entity).Select(g => g.Area).Distinct()];

    /// <summary>Groups of one kind in one area, in the order of their file.</summary>
    public IEnumerable<RegistryGroup> Of(string area, GroupType type) => Groups.Where(g => g.Area == area && g.Type == type);

    /// <summary>The scope under which an area's telemetry goes out.</summary>
    public static string ScopeOf(string area) => area == Self ? "ebpf-receiver" : "ebpf-receiver/" + area;

    /// <summary>Whether all names of an area are conventional, so that its scope can name the schema.</summary>
    public bool IsConventional(string area) =>
        Groups.Where(g => g.Area == area).All(g => g.Conventional && g.Attributes.All(a => a.Attribute.Conventional));

    /// <summary>Reads all files of a folder.</summary>
    /// <exception cref="RegistryException">A file is malformed, or refers to what there is not.</exception>
    public static TelemetryRegistry Load(string folder)
    {
        List<RegistryFile> files = [];
        string schemaUrl = "";
        foreach (string path in Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path) == "registry_manifest.yaml")
                schemaUrl = RegistryManifest.ReadSchemaUrl(path);
            else
                files.Add(RegistryFile.Read(path));
        }

        if (files.Count == 0) throw new RegistryException(folder, 0, "There is no registry file.");
        Dictionary<string, RegistryAttribute> attributes = [];
        foreach (RegistryFile file in files) file.CollectAttributes(attributes);
        Dictionary<string, IReadOnlyList<AttributeUse>> extendable = [];
        List<RegistryGroup> groups = [];
        HashSet<string> ids = [];
        foreach (RegistryFile file in files) file.CollectGroups(attributes, extendable, groups, ids);
        return new TelemetryRegistry([.. attributes.Values.OrderBy(a => a.Id, StringComparer.Ordinal)], groups, schemaUrl);
    }
}

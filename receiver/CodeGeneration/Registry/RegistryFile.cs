using YamlDotNet.RepresentationModel;

namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>One file of the registry; read in two passes, for groups refer to attributes of other files.</summary>
internal sealed class RegistryFile
{
    private static readonly string[] s_groupKeys =
    [
        "id", "type", "name", "metric_name", "instrument", "unit", "span_kind", "stability", "brief", "note", "annotations", "extends",
        "attributes",
    ];

    private static readonly string[] s_stabilities = ["development", "alpha", "beta", "release_candidate", "stable"];

    private readonly string _path;
    private readonly List<YamlMap> _groups = [];

    private RegistryFile(string path) => _path = path;

    public static RegistryFile Read(string path)
    {
        var file = new RegistryFile(path);
        foreach (YamlNode group in new YamlMap(YamlMap.Load(path), path, "groups").Sequence("groups"))
            file._groups.Add(new YamlMap(group, path, s_groupKeys));
        return file;
    }

    public void CollectAttributes(Dictionary<string, RegistryAttribute> attributes)
    {
        foreach (YamlMap group in _groups)
        {
            bool conventional = Annotations(group).Flag("conventional");
            foreach (YamlNode node in group.Sequence("attributes"))
            {
                if (node is YamlMappingNode mapping && mapping.Children.ContainsKey("ref")) continue;
                RegistryAttribute attribute = Attribute(node, conventional);
                if (!attributes.TryAdd(attribute.Id, attribute))
                    throw group.Error(node, $"The attribute '{attribute.Id}' is defined twice.");
            }
        }
    }

    public void CollectGroups(
        Dictionary<string, RegistryAttribute> attributes,
        Dictionary<string, IReadOnlyList<AttributeUse>> extendable,
        List<RegistryGroup> groups,
        HashSet<string> ids)
    {
        foreach (YamlMap map in _groups)
        {
            RegistryGroup group = Group(map, attributes, extendable);
            if (!ids.Add(group.Id)) throw map.Error($"The group '{group.Id}' is defined twice.");
            if (group.Type == GroupType.AttributeGroup)
                extendable.Add(group.Id, group.Attributes);
            else
                groups.Add(group);
        }
    }

    private RegistryAttribute Attribute(YamlNode node, bool conventional)
    {
        var map = new YamlMap(node, _path, "id", "type", "stability", "brief", "note", "examples");
        List<AttributeMember> members = [];
        string type = "enum";
        if (map.Node("type") is YamlMappingNode enumeration)
        {
            foreach (YamlNode member in new YamlMap(enumeration, _path, "members").Sequence("members"))
            {
                var one = new YamlMap(member, _path, "id", "value", "brief", "stability");
                members.Add(new AttributeMember(one.Required("id"), one.Required("value"), one.Required("brief")));
            }

            if (members.Count == 0) throw map.Error("An enumeration needs members.");
        }
        else
        {
            type = map.Word("type", "string", "int", "double", "boolean", "string[]");
        }

        List<string> examples = [];
        foreach (YamlNode example in map.Sequence("examples"))
        {
            examples.Add(example is YamlSequenceNode list
                ? "[" + string.Join(", ", list.Select(item => $"\"{map.Text(item)}\"")) + "]"
                : map.Text(example));
        }

        return new RegistryAttribute(
            map.Required("id"), type, map.Word("stability", s_stabilities), map.Required("brief"), members, examples, conventional);
    }

    private RegistryGroup Group(
        YamlMap map, Dictionary<string, RegistryAttribute> attributes, Dictionary<string, IReadOnlyList<AttributeUse>> extendable)
    {
        GroupType type = map.Word("type", "attribute_group", "metric", "event", "span", "entity") switch
        {
            "metric" => GroupType.Metric,
            "event" => GroupType.Event,
            "span" => GroupType.Span,
            "entity" => GroupType.Entity,
            _ => GroupType.AttributeGroup,
        };
        YamlMap annotations = Annotations(map);
        return new RegistryGroup
        {
            Id = map.Required("id"),
            Type = type,
            Area = Path.GetFileNameWithoutExtension(_path),
            Name = type switch
            {
                GroupType.AttributeGroup => "",
                GroupType.Metric => map.Required("metric_name"),
                _ => map.Required("name"),
            },
            Brief = map.Required("brief"),
            Note = map.Optional("note"),
            Stability = type == GroupType.AttributeGroup ? map.Optional("stability") : map.Word("stability", s_stabilities),
            Instrument = type == GroupType.Metric ? map.Word("instrument", "counter", "updowncounter", "gauge", "histogram") : "",
            Unit = type == GroupType.Metric ? map.Required("unit") : "",
            SpanKind = type == GroupType.Span ? map.Word("span_kind", "client", "server", "internal", "producer", "consumer") : "",
            Conventional = annotations.Flag("conventional"),
            OfHost = annotations.Has("resource") && annotations.Word("resource", "host", "process") == "host",
            Attributes = Uses(map, attributes, extendable),
        };
    }

    private List<AttributeUse> Uses(
        YamlMap group, Dictionary<string, RegistryAttribute> attributes, Dictionary<string, IReadOnlyList<AttributeUse>> extendable)
    {
        List<AttributeUse> uses = [];
        if (group.Optional("extends") is { Length: > 0 } extended)
        {
            if (!extendable.TryGetValue(extended, out IReadOnlyList<AttributeUse>? inherited))
                throw group.Error($"'{extended}' is not a group of attributes that was defined before.");
            uses.AddRange(inherited);
        }

        foreach (YamlNode node in group.Sequence("attributes"))
        {
            if (node is YamlMappingNode mapping && !mapping.Children.ContainsKey("ref")) continue;
            var map = new YamlMap(node, _path, "ref", "requirement_level", "role");
            if (!attributes.TryGetValue(map.Required("ref"), out RegistryAttribute? attribute))
                throw map.Error($"There is no attribute '{map.Required("ref")}'.");
            uses.Add(Use(map, attribute));
        }

        return uses;
    }

    private AttributeUse Use(YamlMap map, RegistryAttribute attribute)
    {
        if (map.Has("role")) return new AttributeUse(attribute, map.Word("role", "identifying", "descriptive"), null);
        if (map.Node("requirement_level") is YamlMappingNode condition)
        {
            var conditional = new YamlMap(condition, _path, "conditionally_required");
            return new AttributeUse(attribute, "conditionally_required", conditional.Required("conditionally_required"));
        }

        return new AttributeUse(attribute, map.Word("requirement_level", "required", "recommended", "opt_in"), null);
    }

    private YamlMap Annotations(YamlMap group) =>
        new(group.Node("annotations") ?? new YamlMappingNode(), _path, "conventional", "resource");
}

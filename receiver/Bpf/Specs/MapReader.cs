namespace EbpfReceiver.Bpf;

/// <summary>
/// Reads the maps of the section .maps. Each is a variable of an anonymous struct whose members say it all through their
/// types: <c>int (*type)[N]</c> is a number, <c>struct k *key</c> is a type, <c>values[]</c> an inner map.
/// </summary>
internal static class MapReader
{
    private const string SectionName = ".maps";

    internal static (int Section, List<(ulong Offset, MapSpec Map)> Maps) Read(ElfObject elf, BtfTypes? types)
    {
        var maps = new List<(ulong, MapSpec)>();
        if (elf.Find(SectionName) is not { } section)
            return (-1, maps);
        if (types is null || !types.TryFind(SectionName, BtfKind.DataSection, out var id))
            throw elf.Malformed("its maps are not described by BTF; compile it with -g");
        var initial = new InitialEntries(elf, section);
        var layout = types[id];
        for (var i = 0; i < layout.Count; i++)
        {
            var place = layout.Variable(i);
            var variable = types[place.VariableId];
            var definition = types.Resolve(variable.TargetId);
            if (variable.Kind != BtfKind.Variable || variable.NameUtf8.IsEmpty || definition.Kind != BtfKind.Struct)
                throw elf.Malformed($"what BTF has at {place.Offset} of section .maps is no map");
            var map = ReadDefinition(elf, types, variable.Name, definition, isInner: false, initial.Of(place, definition));
            maps.Add((place.Offset, map));
        }
        initial.Resolve(maps);
        if (maps.DistinctBy(static m => m.Item1).Count() != maps.Count)
            throw elf.Malformed("two maps are at one place of section .maps");
        return (section.Index, maps);
    }

    private static MapSpec ReadDefinition(
        ElfObject elf, BtfTypes types, string name, BtfType definition, bool isInner, List<MapInitialEntry> entries)
    {
        var pinned = false;
        uint type = 0, keySize = 0, valueSize = 0, keyType = 0, valueType = 0, maxEntries = 0, flags = 0;
        ulong extra = 0;
        uint? node = null;
        MapSpec? inner = null;
        for (var i = 0; i < definition.Count; i++)
        {
            var member = definition.Member(i);
            switch (member.Name)
            {
                case "type":
                    type = Number(elf, types, name, member);
                    break;
                case "max_entries":
                    maxEntries = Number(elf, types, name, member);
                    break;
                case "map_flags":
                    flags = Number(elf, types, name, member);
                    break;
                case "map_extra":
                    extra = LongNumber(elf, types, name, member);
                    break;
                case "numa_node":
                    node = Number(elf, types, name, member);
                    break;
                case "key_size":
                    Agree(elf, name, "key", ref keySize, Number(elf, types, name, member));
                    break;
                case "value_size":
                    Agree(elf, name, "value", ref valueSize, Number(elf, types, name, member));
                    break;
                case "key":
                    keyType = Pointee(elf, types, name, member);
                    Agree(elf, name, "key", ref keySize, types.SizeOf(keyType));
                    break;
                case "value":
                    valueType = Pointee(elf, types, name, member);
                    Agree(elf, name, "value", ref valueSize, types.SizeOf(valueType));
                    break;
                case "pinning":
                    pinned = Number(elf, types, name, member) switch
                    {
                        0 => false,
                        1 when !isInner => true,
                        var other => throw elf.Malformed($"map {name} asks to be pinned in the way {other}, which is not known"),
                    };
                    break;
                case "values":
                    inner = isInner
                        ? throw elf.Malformed($"map {name} is nested more than two deep")
                        : ReadInner(elf, types, name, member);
                    Agree(elf, name, "value", ref valueSize, sizeof(uint));
                    break;
                default:
                    throw elf.Malformed($"map {name} has the attribute \"{member.Name}\", which is not known");
            }
        }
        if (type == 0)
            throw elf.Malformed($"map {name} has no type");
        if ((BpfMapType)type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps && inner is null && !isInner)
            throw elf.Malformed($"map {name} does not say what its inner maps are like");
        return new(name, (BpfMapType)type, keySize, valueSize, maxEntries)
        {
            Flags = flags,
            Extra = extra,
            NumaNode = node,
            KeyTypeId = keyType,
            ValueTypeId = valueType,
            Inner = inner,
            InitialEntries = entries,
            PinByName = pinned,
        };
    }

    /// <summary>
    /// The inner map of <c>__array(values, struct inner)</c>: an array of pointers to what defines it; null for programs.
    /// </summary>
    private static MapSpec? ReadInner(ElfObject elf, BtfTypes types, string name, BtfMember member)
    {
        var array = types.Resolve(member.TypeId);
        var pointer = types.Resolve(array.Kind == BtfKind.Array ? array.Array.ElementTypeId : 0);
        var definition = types.Resolve(pointer.Kind == BtfKind.Pointer ? pointer.TargetId : 0);
        return definition.Kind switch
        {
            BtfKind.Struct => ReadDefinition(elf, types, name + ".inner", definition, isInner: true, []),
            BtfKind.FunctionPrototype => null,
            _ => throw elf.Malformed($"the values of map {name} are neither maps nor programs"),
        };
    }

    /// <summary>N of a member declared as <c>int (*member)[N]</c>.</summary>
    private static uint Number(ElfObject elf, BtfTypes types, string name, BtfMember member)
    {
        var array = types.Resolve(Pointee(elf, types, name, member));
        return array.Kind == BtfKind.Array
            ? array.Array.Count
            : throw elf.Malformed($"the attribute {member.Name} of map {name} is no number (__uint)");
    }

    /// <summary>A number that does not fit 32 bits is the only enumerator of an enum.</summary>
    private static ulong LongNumber(ElfObject elf, BtfTypes types, string name, BtfMember member)
    {
        var type = types.Resolve(member.TypeId);
        if (!type.IsEnum)
            return Number(elf, types, name, member);
        if (type.Count != 1)
            throw elf.Malformed($"the attribute {member.Name} of map {name} is no number (__ulong)");
        var value = type.Enumerator(0).Value;
        return type.Kind == BtfKind.Enum ? (uint)value : (ulong)value;
    }

    private static uint Pointee(ElfObject elf, BtfTypes types, string name, BtfMember member)
    {
        var pointer = types.Resolve(member.TypeId);
        return pointer.Kind == BtfKind.Pointer
            ? pointer.TargetId
            : throw elf.Malformed($"the attribute {member.Name} of map {name} is no pointer");
    }

    private static void Agree(ElfObject elf, string name, string what, ref uint size, uint value)
    {
        if (size != 0 && size != value)
            throw elf.Malformed($"the {what} of map {name} is said to have {size} and {value} bytes");
        size = value;
    }
}

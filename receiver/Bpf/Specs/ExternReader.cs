namespace EbpfReceiver.Bpf;

/// <summary>Reads what an object expects of the kernel: the variables and functions of the sections .kconfig and .ksyms.</summary>
internal static class ExternReader
{
    internal const string ConfigurationSection = ".kconfig";
    internal const string SymbolSection = ".ksyms";

    /// <returns>By name, only what has an undefined symbol.</returns>
    internal static Dictionary<string, ExternSpec> Read(ElfObject elf, BtfTypes? types)
    {
        var externs = new Dictionary<string, ExternSpec>(StringComparer.Ordinal);
        if (types is null)
            return externs;
        var symbols = new Dictionary<string, ElfSymbol>(StringComparer.Ordinal);
        foreach (var symbol in elf.Symbols)
        {
            if (symbol.Section == ElfSymbol.Undefined && !symbol.IsLocal && symbol.Name.Length > 0)
                symbols.TryAdd(symbol.Name, symbol);
        }
        foreach (var name in (ReadOnlySpan<string>)[ConfigurationSection, SymbolSection])
        {
            if (!types.TryFind(name, BtfKind.DataSection, out var id))
                continue;
            var section = types[id];
            for (var i = 0; i < section.Count; i++)
            {
                var place = section.Variable(i);
                var declared = types[place.VariableId];
                if (symbols.TryGetValue(declared.Name, out var symbol)
                    && !externs.TryAdd(declared.Name, Read(elf, types, name, place, symbol)))
                    throw elf.Malformed($"there are two externs {declared.Name}");
            }
        }
        return externs;
    }

    /// <summary>The map that configuration values are read from; null if there are none.</summary>
    internal static MapSpec? ConfigurationMap(ElfObject elf, BtfTypes? types, IReadOnlyDictionary<string, ExternSpec> externs)
    {
        if (types is null || !externs.Values.Any(static e => e.Kind == ExternKind.Configuration))
            return null;
        types.TryFind(ConfigurationSection, BtfKind.DataSection, out var id);
        if (types[id].Size is 0 or > 1 << 20)
            throw elf.Malformed($"its configuration values take {types[id].Size} bytes");
        return new(ConfigurationSection, BpfMapType.Array, sizeof(uint), types[id].Size, 1)
        {
            Flags = DataSections.ReadOnlyForPrograms,
            IsReadOnly = true,
            ValueTypeId = id,
        };
    }

    private static ExternSpec Read(ElfObject elf, BtfTypes types, string section, BtfSectionVariable place, ElfSymbol symbol)
    {
        var declared = types[place.VariableId];
        if (declared.Kind == BtfKind.Function && section == SymbolSection)
        {
            return new(declared.Name, ExternKind.Function, symbol.IsWeak, types.Describe(declared.TargetId), declared.TargetId, 0, 0);
        }
        if (declared.Kind != BtfKind.Variable)
            throw elf.Malformed($"what BTF has of {symbol.Name} in section {section} is no variable");
        var type = types.Describe(declared.TargetId);
        if (section == SymbolSection)
        {
            var kind = types.Resolve(declared.TargetId).Kind == BtfKind.Void ? ExternKind.Symbol : ExternKind.Variable;
            return new(declared.Name, kind, symbol.IsWeak, type, declared.TargetId, 0, 0);
        }
        var size = types.SizeOf(declared.TargetId);
        if (size != place.Size || place.Offset > 1 << 20 || size > 1 << 20)
            throw elf.Malformed($"BTF says that {symbol.Name} has {place.Size} bytes, and its type {size}");
        return new(declared.Name, ExternKind.Configuration, symbol.IsWeak, type, declared.TargetId, (int)place.Offset, (int)size);
    }
}

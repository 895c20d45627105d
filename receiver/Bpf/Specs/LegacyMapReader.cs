namespace EbpfReceiver.Bpf;

/// <summary>
/// Reads the maps of the section <c>maps</c>, as objects declared them before BTF: each symbol is a struct bpf_map_def of five numbers
/// (type,
/// bytes of key and value, entries, flags). What other loaders put behind them has to be 0.
/// </summary>
internal static class LegacyMapReader
{
    private const string SectionName = "maps";
    private const int DefinitionSize = 20;

    /// <returns>Maps by their place.</returns>
    internal static List<(int Section, ulong Offset, MapSpec Map)> Read(ElfObject elf)
    {
        var maps = new List<(int, ulong, MapSpec)>();
        foreach (var section in elf.Sections)
        {
            if (!IsMaps(section.Name) || !section.HasBytes)
                continue;
            if (elf.RelocationsOf(section).Length > 0)
                throw elf.Malformed($"section {section.Name} has relocations, which definitions of maps do not");
            var symbols = elf.Symbols
                .Where(s => s.Section == section.Index && s.Type is ElfSymbolType.None or ElfSymbolType.Object && s.Name.Length > 0)
                .OrderBy(static s => s.Value)
                .ToArray();
            for (var i = 0; i < symbols.Length; i++)
            {
                var end = i + 1 < symbols.Length ? symbols[i + 1].Value : (ulong)section.Size;
                maps.Add((section.Index, symbols[i].Value, ReadDefinition(elf, section, symbols[i], end)));
            }
        }
        return maps;
    }

    private static bool IsMaps(string section) =>
        section == SectionName || section.StartsWith(SectionName + "/", StringComparison.Ordinal);

    private static MapSpec ReadDefinition(ElfObject elf, ElfSection section, ElfSymbol symbol, ulong end)
    {
        if (end > (ulong)section.Size || symbol.Value > end || end - symbol.Value < DefinitionSize)
            throw elf.Malformed($"map {symbol.Name} in section {section.Name} has less than the {DefinitionSize} bytes of a definition");
        var bytes = elf.BytesOf(section).Span[(int)symbol.Value..(int)end];
        if (bytes[DefinitionSize..].ContainsAnyExcept((byte)0))
        {
            throw elf.Malformed($"map {symbol.Name} in section {section.Name} says more than type, sizes, entries and flags; declare it in "
                + "\".maps\"");
        }
        var type = (BpfMapType)elf.Number(bytes);
        if (type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps)
            throw elf.Malformed(
                $"map {symbol.Name} in section {section.Name} can't say what its inner maps are like; declare it in \".maps\"");
        return new(symbol.Name, type, elf.Number(bytes[4..]), elf.Number(bytes[8..]), elf.Number(bytes[12..]))
        {
            Flags = elf.Number(bytes[16..]),
        };
    }
}

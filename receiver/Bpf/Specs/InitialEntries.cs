namespace EbpfReceiver.Bpf;

/// <summary>
/// Reads what an object puts into arrays of maps and of programs: each pointer of <c>.values = { ... }</c> is a relocation in the section
/// .maps, the pointers behind the rest of the definition.
/// </summary>
internal sealed class InitialEntries(ElfObject elf, ElfSection section)
{
    private const int PointerSize = 8;

    private readonly ElfRelocation[] _relocations = elf.RelocationsOf(section);
    private readonly List<(List<MapInitialEntry> Entries, uint Index, ElfSymbol Symbol)> _found = [];
    private int _taken;

    /// <summary>Entries of one map; their names follow with <see cref="Resolve"/>.</summary>
    internal List<MapInitialEntry> Of(BtfSectionVariable place, BtfType definition)
    {
        var entries = new List<MapInitialEntry>();
        for (var i = 0; i < definition.Count; i++)
        {
            var member = definition.Member(i);
            if (!member.NameUtf8.SequenceEqual("values"u8))
                continue;
            var start = (ulong)place.Offset + (member.BitOffset / 8);
            foreach (var relocation in _relocations)
            {
                if (relocation.Offset < start || relocation.Offset >= (ulong)place.Offset + place.Size)
                    continue;
                if ((relocation.Offset - start) % PointerSize != 0)
                    throw elf.Malformed($"a value of a map in section {section.Name} is at {relocation.Offset}, where no pointer is");
                _found.Add((entries, (uint)((relocation.Offset - start) / PointerSize), elf.Symbols[relocation.Symbol]));
                _taken++;
            }
        }
        return entries;
    }

    /// <summary>Fills the entries of all maps with names.</summary>
    internal void Resolve(List<(ulong Offset, MapSpec Map)> maps)
    {
        if (_taken != _relocations.Length)
            throw elf.Malformed($"section {section.Name} refers to something outside of the values of a map");
        foreach (var (entries, index, symbol) in _found)
        {
            if (symbol.Section == section.Index)
            {
                var at = maps.FindIndex(m => m.Offset == symbol.Value);
                if (at < 0)
                    throw elf.Malformed($"a map has {symbol.Name} for a value, which is no map");
                entries.Add(new(index, maps[at].Map.Name));
            }
            else if (symbol.Type == ElfSymbolType.Function && symbol.Section != ElfSymbol.Undefined)
            {
                entries.Add(new(index, symbol.Name));
            }
            else
            {
                throw elf.Malformed($"a map has {symbol.Name} for a value, which is neither a map nor a program");
            }
        }
    }
}

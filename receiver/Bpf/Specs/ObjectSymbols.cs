namespace EbpfReceiver.Bpf;

/// <summary>What linking needs of an object: its symbols, and what is in each section that instructions can refer to.</summary>
internal sealed class ObjectSymbols
{
    internal required ElfSymbol[] Symbols { get; init; }

    /// <summary>Names of all sections, by index.</summary>
    internal required string[] SectionNames { get; init; }

    /// <summary>Sections with code, by index.</summary>
    internal required Dictionary<int, CodeSection> Code { get; init; }

    /// <summary>Data sections that are maps, by index.</summary>
    internal required Dictionary<int, MapSpec> Data { get; init; }

    /// <summary>Index of the section .maps; -1 if there is none.</summary>
    internal required int MapSection { get; init; }

    /// <summary>Maps declared without BTF, by their place.</summary>
    internal IReadOnlyDictionary<(int Section, ulong Offset), string> LegacyMaps { get; init; } = new Dictionary<(int, ulong), string>();

    /// <summary>What the kernel is to define, by name.</summary>
    internal IReadOnlyDictionary<string, ExternSpec> Externs { get; init; } = new Dictionary<string, ExternSpec>();

    /// <summary>Maps by their offset in the section .maps.</summary>
    internal required Dictionary<ulong, string> MapsByOffset { get; init; }
}

namespace EbpfReceiver.Bpf;

/// <summary>A section header of an executable or library (Elf64_Shdr), without what only linkers need.</summary>
internal readonly record struct ImageSection(uint Name, uint Type, ulong Address, ulong Offset, ulong Size, uint Link)
{
    public const uint SymbolTable = 2;
    public const uint Note = 7;
    public const uint NoBits = 8;
    public const uint DynamicSymbolTable = 11;
    public const uint VersionDefinitions = 0x6ffffffd;
    public const uint SymbolVersions = 0x6fffffff;
}

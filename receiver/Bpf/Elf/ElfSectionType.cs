namespace EbpfReceiver.Bpf;

/// <summary>The section types that matter in BPF objects.</summary>
/// <remarks>Source: SHT_*, elf(5).</remarks>
internal enum ElfSectionType : uint
{
    Null = 0,
    ProgramBits = 1,
    SymbolTable = 2,
    StringTable = 3,
    RelocationsWithAddend = 4,
    NoBits = 8,
    Relocations = 9,
}

namespace EbpfReceiver.Bpf;

/// <summary>A place in a section that refers to a symbol; what is there already is the addend.</summary>
/// <remarks>Source: Elf64_Rel, elf(5); types in the LLVM documentation of BPF relocations.</remarks>
internal readonly record struct ElfRelocation(ulong Offset, uint Type, int Symbol)
{
    /// <summary>A 64-bit address in a ldimm64.</summary>
    internal const uint Address64 = 1;

    /// <summary>The 32-bit immediate of a call.</summary>
    internal const uint Call32 = 10;
}

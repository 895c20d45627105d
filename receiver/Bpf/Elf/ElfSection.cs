namespace EbpfReceiver.Bpf;

/// <summary>A section header of an ELF object, with its name.</summary>
/// <remarks>Source: Elf64_Shdr, elf(5).</remarks>
internal sealed record ElfSection(int Index, string Name, ElfSectionType Type, ulong Flags, long Offset, long Size, int Link, int Info)
{
    private const ulong Executable = 4; // SHF_EXECINSTR

    /// <summary>True for sections with instructions.</summary>
    internal bool IsCode => Type == ElfSectionType.ProgramBits && (Flags & Executable) != 0;

    /// <summary>True if the section has bytes in the file.</summary>
    internal bool HasBytes => Type is not (ElfSectionType.NoBits or ElfSectionType.Null);
}

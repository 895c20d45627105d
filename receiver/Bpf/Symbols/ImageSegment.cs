namespace EbpfReceiver.Bpf;

/// <summary>A segment that is mapped when the file runs: PT_LOAD (Elf64_Phdr).</summary>
internal readonly record struct ImageSegment(ulong Offset, ulong Address, ulong FileSize, ulong MemorySize, bool IsExecutable)
{
    public bool Contains(ulong address) => address >= Address && address - Address < FileSize;

    public ulong FileOffset(ulong address) => address - Address + Offset;
}

namespace EbpfReceiver.Bpf;

/// <summary>The symbol types that matter in BPF objects.</summary>
/// <remarks>Source: STT_*, elf(5).</remarks>
internal enum ElfSymbolType
{
    None = 0,
    Object = 1,
    Function = 2,
    Section = 3,
}

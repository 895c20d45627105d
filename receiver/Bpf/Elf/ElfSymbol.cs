namespace EbpfReceiver.Bpf;

/// <summary>A symbol of an ELF object.</summary>
/// <remarks>Source: Elf64_Sym, elf(5).</remarks>
internal readonly record struct ElfSymbol(string Name, ElfSymbolType Type, int Binding, int Section, ulong Value, ulong Size)
{
    private const int Local = 0;
    private const int Weak = 2;

    /// <summary>Section index of symbols that another object defines (SHN_UNDEF).</summary>
    internal const int Undefined = 0;

    internal bool IsLocal => Binding == Local;

    internal bool IsWeak => Binding == Weak;
}

namespace EbpfReceiver.Bpf;

/// <summary>Where a function is: its address as linked, and its bytes (0 if the table does not say).</summary>
internal readonly record struct FoundSymbol(ulong Address, ulong Size);

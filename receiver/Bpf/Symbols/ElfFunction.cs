namespace EbpfReceiver.Bpf;

/// <summary>A function that a file defines.</summary>
/// <param name="Name">Name, without a version.</param>
/// <param name="FileOffset">Offset in bytes from the start of the file.</param>
public readonly record struct ElfFunction(string Name, ulong FileOffset);

namespace EbpfReceiver.Bpf;

/// <summary>
/// An instruction of a linked program that uses something of the kernel: a call, or a 16-byte load (ldimm64) of an address. It is as in
/// the object until the program is loaded.
/// </summary>
/// <param name="InstructionIndex">Index of the instruction, of the first half for a load.</param>
/// <param name="Extern">What is used.</param>
public readonly record struct ExternReference(int InstructionIndex, ExternSpec Extern);

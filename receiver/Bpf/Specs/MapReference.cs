namespace EbpfReceiver.Bpf;

/// <summary>
/// A 16-byte load (ldimm64) of a linked program that takes a map. The linker has set the source register (1: the map,
/// BPF_PSEUDO_MAP_FD; 2: an address in its value, BPF_PSEUDO_MAP_VALUE) and, for the latter, the offset in the second
/// half; whoever loads writes the map's file descriptor into the immediate of the first half.
/// </summary>
/// <param name="InstructionIndex">Index of the first half, in 8-byte instructions.</param>
/// <param name="MapName">Key into <see cref="BpfObjectSpec.Maps"/>.</param>
/// <param name="ValueOffset">Bytes into the value, or -1 for the map itself.</param>
public readonly record struct MapReference(int InstructionIndex, string MapName, int ValueOffset);

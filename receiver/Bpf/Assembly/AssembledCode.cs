namespace EbpfReceiver.Bpf;

/// <summary>Instructions of a program, with jumps resolved and maps by name.</summary>
public sealed class AssembledCode
{
    internal AssembledCode(byte[] instructions, MapReference[] maps, CodeLine[] lines)
    {
        Instructions = instructions;
        Maps = maps;
        Lines = lines;
    }

    /// <summary>8 bytes each; where maps are loaded, the descriptors are still 0.</summary>
    public ReadOnlyMemory<byte> Instructions { get; }

    /// <summary>Where maps are loaded, in the order of the instructions.</summary>
    public IReadOnlyList<MapReference> Maps { get; }

    /// <summary>Source lines, in the order of the instructions.</summary>
    public IReadOnlyList<CodeLine> Lines { get; }

    /// <summary>Number of 8-byte instructions.</summary>
    public int Count => Instructions.Length / BpfInstruction.Size;

    /// <summary>An instruction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public BpfInstruction this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return BpfInstruction.Decode(Instructions.Span.Slice(index * BpfInstruction.Size, BpfInstruction.Size));
        }
    }
}

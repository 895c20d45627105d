using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>A program that is complete but for the file descriptors of its maps: what BPF_PROG_LOAD takes.</summary>
public sealed class LinkedProgram
{
    private readonly BtfTypes? _types;

    internal LinkedProgram(BtfTypes? types) => _types = types;

    internal List<(ulong First, ulong Second)> OriginalMapLoads { get; init; } = [];

    /// <summary>Loads of variables of modules, whose second half takes the descriptor of the module's types.</summary>
    internal List<(int InstructionIndex, ModuleTypes Module)> ModuleVariables { get; } = [];

    /// <summary>Name of the entry program.</summary>
    public required string Name { get; init; }

    /// <summary>Instructions of the entry program and then of each subprogram it reaches, 8 bytes each.</summary>
    public required byte[] Instructions { get; init; }

    /// <summary>Where maps are loaded, by instruction.</summary>
    public required MapReference[] Maps { get; init; }

    /// <summary>Where something of the kernel is used, by instruction.</summary>
    public required ExternReference[] Externs { get; init; }

    /// <summary>Records of struct bpf_func_info with instruction indices; empty if the object does not describe all functions.</summary>
    public required byte[] FuncInfo { get; init; }

    /// <summary>Bytes of a record in <see cref="FuncInfo"/>.</summary>
    public required int FuncInfoRecordSize { get; init; }

    /// <summary>Records of struct bpf_line_info with instruction indices; empty if there are none.</summary>
    public required byte[] LineInfo { get; init; }

    /// <summary>Bytes of a record in <see cref="LineInfo"/>.</summary>
    public required int LineInfoRecordSize { get; init; }

    /// <summary>What each CO-RE relocation came to, in the order of the instructions.</summary>
    public required RelocationResult[] Relocations { get; init; }

    /// <summary>Where an instruction comes from, as <c>file.c:12: source text</c>; null if the object does not say.</summary>
    /// <param name="instruction">Index of an 8-byte instruction.</param>
    public string? SourceLineAt(int instruction)
    {
        if (_types is null || LineInfoRecordSize < 16)
            return null;
        var best = -1;
        for (var at = 0; at + LineInfoRecordSize <= LineInfo.Length; at += LineInfoRecordSize)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(LineInfo.AsSpan(at)) > (uint)instruction)
                break;
            if (best < 0 || !SourceLine.IsNone(LineInfo.AsSpan(at, LineInfoRecordSize)))
                best = at;
        }
        return best < 0 ? null : SourceLine.Describe(_types, LineInfo.AsSpan(best, LineInfoRecordSize));
    }

    /// <summary>
    /// The relocation that was not satisfied and whose instruction was replaced by a call that no kernel has
    /// (<see cref="RelocationResult.PoisonedCall"/>); null if there is none.
    /// </summary>
    /// <param name="helper">The number in the verifier's "invalid func unknown#N".</param>
    /// <param name="instruction">Index of the instruction it was at.</param>
    public RelocationResult? PoisonedBy(long helper, int instruction)
    {
        if (helper != RelocationResult.PoisonedCall)
            return null;
        // A wide load has two halves that may be named.
        return Array.Find(Relocations, r => r.IsPoisoned && (r.InstructionIndex == instruction || r.InstructionIndex + 1 == instruction));
    }

    /// <summary>
    /// The instructions with all loads of maps as they are in the object, that is without what the linker writes there for the loader: what
    /// does not depend on the running kernel but by its types.
    /// </summary>
    public byte[] InstructionsAsInObject()
    {
        var code = (byte[])Instructions.Clone();
        for (var i = 0; i < Maps.Length; i++)
        {
            InstructionView.At(code, Maps[i].InstructionIndex).Bits = OriginalMapLoads[i].First;
            InstructionView.At(code, Maps[i].InstructionIndex + 1).Bits = OriginalMapLoads[i].Second;
        }
        return code;
    }

    /// <summary>The same program with other instructions first, which belong to its function and to its first line.</summary>
    /// <param name="prologue">Instructions that are entered at the first and left at the last.</param>
    internal LinkedProgram WithPrologue(ReadOnlySpan<byte> prologue)
    {
        var count = prologue.Length / InstructionView.Size;
        return new(_types)
        {
            Name = Name,
            Instructions = [.. prologue, .. Instructions],
            Maps = [.. Maps.Select(m => m with { InstructionIndex = m.InstructionIndex + count })],
            OriginalMapLoads = OriginalMapLoads,
            Externs = [.. Externs.Select(e => e with { InstructionIndex = e.InstructionIndex + count })],
            FuncInfo = Moved(FuncInfo, FuncInfoRecordSize, count),
            FuncInfoRecordSize = FuncInfoRecordSize,
            LineInfo = Moved(LineInfo, LineInfoRecordSize, count),
            LineInfoRecordSize = LineInfoRecordSize,
            Relocations = [.. Relocations.Select(r => r with { InstructionIndex = r.InstructionIndex + count })],
        };
    }

    // The kernel wants a record at the first instruction.
    private static byte[] Moved(byte[] records, int size, int count)
    {
        var moved = (byte[])records.Clone();
        for (var at = 0; at < moved.Length; at += size)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(moved.AsSpan(at)) is > 0 and var instruction)
                BinaryPrimitives.WriteUInt32LittleEndian(moved.AsSpan(at), instruction + (uint)count);
        }
        return moved;
    }
}

using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// One instruction on virtual registers; <see cref="IrOperation"/> says which members it uses. All jumps go forward, so a register is
/// live from its first assignment to its last use in the order of the code, and the longest way through is finite.
/// </summary>
internal sealed record IrInstruction(IrOperation Operation)
{
    /// <summary>The virtual register it assigns; -1: none.</summary>
    public int Target { get; set; } = -1;

    public IrOperand A { get; set; }

    public IrOperand B { get; set; }

    public IReadOnlyList<IrOperand> Arguments { get; set; } = [];

    public long Constant { get; init; }

    public AluOperation Alu { get; init; }

    public JumpCondition Condition { get; init; }

    public BpfHelper Helper { get; init; }

    public int Offset { get; init; }

    public int Size { get; init; }

    public int Label { get; init; } = -1;

    public SourceText Source { get; init; }
}

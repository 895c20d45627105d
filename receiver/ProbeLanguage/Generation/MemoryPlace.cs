namespace EbpfReceiver.ProbeLanguage;

/// <summary>A place in memory: on the stack, or at a register plus an offset.</summary>
/// <param name="Base">A stack operand or a register.</param>
/// <param name="Offset">Bytes from there.</param>
internal readonly record struct MemoryPlace(IrOperand Base, int Offset)
{
    /// <summary>Its address, for a call.</summary>
    public IrOperand Address => Base.Kind == IrOperandKind.Stack
        ? IrOperand.Stack((int)Base.Value + Offset)
        : IrOperand.RegisterOffset(Base.Register, Offset);

    /// <summary>A place so many bytes further.</summary>
    public MemoryPlace Plus(int bytes) => this with { Offset = Offset + bytes };
}

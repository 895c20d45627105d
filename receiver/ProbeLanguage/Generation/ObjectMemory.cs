namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Room for what does not fit a register: on the stack; or, where a program needs more than the stack has, large objects in a per-CPU map.
/// </summary>
internal sealed class ObjectMemory(IrBuilder ir, bool hasScratch)
{
    private const int LargeObject = 32;
    private int _scratch;

    /// <summary>Bytes of scratch memory that the program uses.</summary>
    public int ScratchSize { get; private set; }

    /// <summary>Address of the scratch memory; set before it is used.</summary>
    public int ScratchRegister { get; set; } = -1;

    /// <summary>Takes bytes, aligned to 8.</summary>
    public MemoryPlace Take(int size)
    {
        if (!hasScratch || size < LargeObject)
            return new(IrOperand.Stack(ir.TakeStack(size)), 0);
        var place = new MemoryPlace(IrOperand.Of(ScratchRegister), ScratchLayout.FirstObject + _scratch);
        _scratch += (size + 7) & ~7;
        ScratchSize = Math.Max(ScratchSize, _scratch);
        return place;
    }

    /// <summary>What is taken after this is free again after <see cref="Release"/>.</summary>
    public (int Stack, int Scratch) Mark() => (ir.StackInUse, _scratch);

    public void Release((int Stack, int Scratch) mark) => (ir.StackInUse, _scratch) = mark;
}

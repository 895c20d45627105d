namespace EbpfReceiver.ProbeLanguage;

/// <summary>Operations of the intermediate representation.</summary>
internal enum IrOperation
{
    /// <summary>Target = the context; the first instruction.</summary>
    Entry,

    /// <summary>Target = Constant, any 64 bits.</summary>
    Constant,

    /// <summary>Target = A</summary>
    Move,

    /// <summary>Target = A Alu B, 64 bits.</summary>
    Alu,

    /// <summary>Target = A Alu B, 32 bits, zero-extended.</summary>
    Alu32,

    /// <summary>Target = the lowest Size bytes of A in the other byte order.</summary>
    Swap,

    /// <summary>Target = *(A + Offset), Size bytes, zero-extended.</summary>
    Load,

    /// <summary>*(A + Offset) = B, Size bytes.</summary>
    Store,

    /// <summary>*(A + Offset) += B, Size bytes.</summary>
    AtomicAdd,

    /// <summary>Target = address of the one value of array map A.</summary>
    Address,

    /// <summary>Goes on at Label.</summary>
    Jump,

    /// <summary>Goes on at Label if A Condition B.</summary>
    JumpIf,

    /// <summary>Label is here.</summary>
    Label,

    /// <summary>Target = Helper(Arguments).</summary>
    Call,

    /// <summary>Ends the program with 0.</summary>
    Exit,

    /// <summary>What follows comes from Source.</summary>
    Line,
}

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What an operand of the intermediate representation is.</summary>
internal enum IrOperandKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A virtual register.</summary>
    Register,

    /// <summary>A constant that fits the immediate of an instruction.</summary>
    Constant,

    /// <summary>An address on the stack. As the base of a load or store: the frame itself.</summary>
    Stack,

    /// <summary>A virtual register plus a constant; only as an argument of a call.</summary>
    RegisterOffset,

    /// <summary>A map; only as an argument of a call.</summary>
    Map,

    /// <summary>An address in the one value of an array map; only as an argument of a call.</summary>
    MapValue,

    /// <summary>What a stack slot holds, 8 bytes; only as an argument of a call.</summary>
    Slot,
}

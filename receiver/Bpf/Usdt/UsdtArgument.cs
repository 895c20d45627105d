namespace EbpfReceiver.Bpf;

/// <summary>One argument of a USDT probe: how to come by it from the registers at the time of the hit.</summary>
public readonly record struct UsdtArgument
{
    /// <summary>Where it is.</summary>
    public required UsdtArgumentKind Kind { get; init; }

    /// <summary>Bytes: 1, 2, 4 or 8. What is wider in a register or in memory is not part of it.</summary>
    public required int Size { get; init; }

    /// <summary>True if it is to be extended with its sign.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>The constant, or what is added to the address.</summary>
    public long Value { get; init; }

    /// <summary>Offset in bytes of the (base) register in <c>struct pt_regs</c> of the architecture.</summary>
    public int RegisterOffset { get; init; }

    /// <summary>Offset in bytes of the index register in <c>struct pt_regs</c>.</summary>
    public int IndexRegisterOffset { get; init; }

    /// <summary>Bits that the index is shifted by: 0 to 3.</summary>
    public int Scale { get; init; }

    /// <summary>A sentence on why it is not supported; null if it is.</summary>
    public string? Problem { get; init; }
}

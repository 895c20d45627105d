namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Where a virtual register is live. Positions count twice for an instruction: operands are read at 2n, the result is written at 2n + 1,
/// so that the result may take the register of an operand that is read for the last time.
/// </summary>
internal sealed class LiveInterval(int register)
{
    public int Register { get; } = register;

    public int Start { get; set; } = int.MaxValue;

    public int End { get; set; } = -1;

    /// <summary>A call lies between: it has to be in a register that calls keep.</summary>
    public bool CrossesCall { get; set; }

    /// <summary>How often it is read or written.</summary>
    public int Uses { get; set; }

    /// <summary>The register it is best in; -1: any.</summary>
    public int Preferred { get; set; } = -1;

    /// <summary>A virtual register it is best in the same register with; -1: none.</summary>
    public int Partner { get; set; } = -1;
}

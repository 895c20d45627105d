namespace EbpfReceiver.Bpf;

/// <summary>
/// The registers of BPF. A call takes its arguments in R1 to R5, leaves its result in R0 and loses what R1 to R5 held; R6 to R9 keep
/// theirs. R1 holds the context when a program begins.
/// </summary>
public enum BpfRegister : byte
{
    /// <summary>Results of calls and of the program.</summary>
    R0,

    /// <summary>First argument.</summary>
    R1,

    /// <summary>Second argument.</summary>
    R2,

    /// <summary>Third argument.</summary>
    R3,

    /// <summary>Fourth argument.</summary>
    R4,

    /// <summary>Fifth argument.</summary>
    R5,

    /// <summary>Kept over calls.</summary>
    R6,

    /// <summary>Kept over calls.</summary>
    R7,

    /// <summary>Kept over calls.</summary>
    R8,

    /// <summary>Kept over calls.</summary>
    R9,

    /// <summary>End of the stack, read-only: 512 bytes below it are the program's.</summary>
    R10,
}

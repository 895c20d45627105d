namespace EbpfReceiver.Bpf;

/// <summary>How a kprobe is attached.</summary>
public sealed record KprobeOptions
{
    /// <summary>At the return of the function instead of its entry.</summary>
    public bool AtReturn { get; init; }

    /// <summary>Bytes from the start of the function, at the start of an instruction; 0 for returns.</summary>
    public ulong Offset { get; init; }

    /// <summary>A value that the program gets from bpf_get_attach_cookie (since 5.15); 0 for none.</summary>
    public ulong Cookie { get; init; }

    /// <summary>How the event is made.</summary>
    public KprobeMethod Method { get; init; }

    /// <summary>
    /// Calls of a function that may be waited for to return at the same time; 0 leaves it to the kernel (since 6.2 it does not matter where
    /// it has rethook). Only for returns, and takes tracefs.
    /// </summary>
    public int MaximumActive { get; init; }
}

namespace EbpfReceiver.Bpf;

/// <summary>How a uprobe is attached.</summary>
public sealed record UprobeOptions
{
    /// <summary>At the return of the function that begins at the place.</summary>
    public bool AtReturn { get; init; }

    /// <summary>One process; 0 for this one, -1 for all, also those that start later.</summary>
    public int ProcessId { get; init; } = -1;

    /// <summary>A value that the program gets from bpf_get_attach_cookie (since 5.15); 0 for none.</summary>
    public ulong Cookie { get; init; }

    /// <summary>Offset in the file of a 16-bit counter that the kernel counts up while the probe is there; 0 for none.</summary>
    public ulong SemaphoreOffset { get; init; }
}

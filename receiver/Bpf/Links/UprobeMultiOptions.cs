namespace EbpfReceiver.Bpf;

/// <summary>What a program is attached to in a file: one of the three ways. All lists run in step.</summary>
public sealed record UprobeMultiOptions
{
    /// <summary>Offsets in the file.</summary>
    public IReadOnlyList<ulong>? Offsets { get; init; }

    /// <summary>Functions by name, as <see cref="ElfSymbols.Resolve(string, string)"/> takes them.</summary>
    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>All functions that the file defines whose name fits: '*' stands for any characters, '?' for one.</summary>
    public string? Pattern { get; init; }

    /// <summary>Offsets in the file of semaphores, 0 for none; null for none at all.</summary>
    public IReadOnlyList<ulong>? SemaphoreOffsets { get; init; }

    /// <summary>Values that the program gets from bpf_get_attach_cookie; null for none.</summary>
    public IReadOnlyList<ulong>? Cookies { get; init; }

    /// <summary>At the return of the functions. Sections <c>uretprobe.multi</c> do it without being told.</summary>
    public bool AtReturn { get; init; }

    /// <summary>One process; 0 for this one, -1 for all, also those that start later.</summary>
    public int ProcessId { get; init; } = -1;
}

namespace EbpfReceiver.Bpf;

/// <summary>What a program of the section <c>kprobe.multi</c> or <c>kprobe.session</c> is attached to: one of the three ways.</summary>
public sealed record KprobeMultiOptions
{
    /// <summary>Functions by name. A name that the kernel has several functions of is refused (EADDRNOTAVAIL, ENOENT).</summary>
    public IReadOnlyList<string>? Symbols { get; init; }

    /// <summary>Functions by address, as in /proc/kallsyms.</summary>
    public IReadOnlyList<ulong>? Addresses { get; init; }

    /// <summary>All functions that can be traced whose name fits: '*' stands for any characters, '?' for one.</summary>
    public string? Pattern { get; init; }

    /// <summary>Values that the program gets from bpf_get_attach_cookie, one for each of the functions; null for none.</summary>
    public IReadOnlyList<ulong>? Cookies { get; init; }

    /// <summary>At the return of the functions. Sections <c>kretprobe.multi</c> do it without being told.</summary>
    public bool AtReturn { get; init; }
}

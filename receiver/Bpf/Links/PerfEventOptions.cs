namespace EbpfReceiver.Bpf;

/// <summary>Which perf event a program runs at, and how often.</summary>
public sealed record PerfEventOptions
{
    /// <summary>Kind of event.</summary>
    public PerfEventType Type { get; init; } = PerfEventType.Software;

    /// <summary>Which one of its kind (perf_event_attr.config).</summary>
    public ulong Config { get; init; }

    /// <summary>The program runs each time that so many were counted (ns for clocks); 0 where <see cref="Frequency"/> is given.</summary>
    public ulong Period { get; init; }

    /// <summary>The program runs about so often a second; 0 where <see cref="Period"/> is given.</summary>
    public ulong Frequency { get; init; }

    /// <summary>One process, with the threads that it has and those that it makes; -1 for all.</summary>
    public int ProcessId { get; init; } = -1;

    /// <summary>One CPU; null for all that are online.</summary>
    public int? Cpu { get; init; }

    /// <summary>
    /// A value that the program gets from bpf_get_attach_cookie (since 5.15); 0 for none. Threads that a process makes later run the
    /// program without it.
    /// </summary>
    public ulong Cookie { get; init; }

    /// <summary>An event that the kernel counts.</summary>
    /// <param name="which">The event.</param>
    /// <param name="period">Events from one run to the next.</param>
    public static PerfEventOptions Software(PerfSoftwareEvent which, ulong period)
        => new() { Type = PerfEventType.Software, Config = (ulong)which, Period = period };

    /// <summary>A counter of the CPU.</summary>
    /// <param name="which">The counter.</param>
    /// <param name="period">Counts from one run to the next.</param>
    public static PerfEventOptions Hardware(PerfHardwareEvent which, ulong period)
        => new() { Type = PerfEventType.Hardware, Config = (ulong)which, Period = period };
}

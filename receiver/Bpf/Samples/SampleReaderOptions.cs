namespace EbpfReceiver.Bpf;

/// <summary>
/// How a <see cref="SampleReader"/> buffers and when it wakes. A wake-up costs more than reading a sample, so samples are gathered: the
/// kernel wakes the reader after <see cref="WakeupSamples"/> or <see cref="WatermarkBytes"/>, and it looks on its own
/// each <see cref="DrainInterval"/>. Of ring buffers the size is the map's, and when to wake is up to the program
/// (BPF_RB_NO_WAKEUP, BPF_RB_FORCE_WAKEUP; with neither, the kernel wakes a reader that has read all before).
/// </summary>
public sealed record SampleReaderOptions
{
    /// <summary>Pages of each CPU's perf buffer, a power of two; 64 are 256 KiB.</summary>
    public int PagesPerCpu { get; init; } = 64;

    /// <summary>Perf buffers: wake after this many samples on one CPU; 0 goes by <see cref="WatermarkBytes"/>.</summary>
    public int WakeupSamples { get; init; }

    /// <summary>
    /// Perf buffers: wake when this many bytes wait on one CPU; 0 takes a quarter of the buffer, which leaves the rest for what comes
    /// meanwhile.
    /// </summary>
    public int WatermarkBytes { get; init; }

    /// <summary>The longest that a sample waits for its reader; 1 ms to 1 h.</summary>
    public TimeSpan DrainInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How often the reader sees to what changes slowly: CPUs that started or stopped (perf buffers), and what programs counted as lost
    /// (ring
    /// buffers); 1 ms to 1 h.
    /// </summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Samples read from one buffer before the next is looked at, so that a busy CPU holds up neither the others nor a stop.
    /// </summary>
    public int MaxSamplesPerPass { get; init; } = 65536;

    /// <summary>Name of the thread, as debuggers and <c>top -H</c> show it (15 characters).</summary>
    public string ThreadName { get; init; } = "samples";

    /// <summary>The list of CPUs that run; another file in tests.</summary>
    internal string? OnlineCpusPath { get; init; }

    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    internal SampleReaderOptions Checked()
    {
        const string options = nameof(options);
        if (!int.IsPow2(PagesPerCpu) || PagesPerCpu > 1 << 16)
            throw new ArgumentException($"PagesPerCpu is a power of two up to 65536, not {PagesPerCpu}.", options);
        ArgumentOutOfRangeException.ThrowIfNegative(WakeupSamples, options);
        ArgumentOutOfRangeException.ThrowIfNegative(WatermarkBytes, options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxSamplesPerPass, options);
        foreach (var interval in (ReadOnlySpan<TimeSpan>)[DrainInterval, CheckInterval])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromMilliseconds(1), options);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromHours(1), options);
        }

        return this;
    }
}

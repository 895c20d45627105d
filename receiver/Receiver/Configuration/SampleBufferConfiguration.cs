namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.sample_buffer</c>: the perf buffer that carries samples from the kernel.</summary>
public sealed record SampleBufferConfiguration
{
    /// <summary>Size of each CPU's ring in bytes, a power of two of pages.</summary>
    public required long SizePerCpu { get; init; }

    /// <summary>The longest time a sample waits in the ring when the load is low.</summary>
    public required TimeSpan DrainInterval { get; init; }
}

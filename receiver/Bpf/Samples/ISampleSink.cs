namespace EbpfReceiver.Bpf;

/// <summary>Takes what a <see cref="SampleReader"/> reads; all calls come from its one thread.</summary>
public interface ISampleSink
{
    /// <summary>A sample. An exception stops the reader.</summary>
    /// <param name="cpu">CPU it was taken on; -1 from a ring buffer, which all CPUs share.</param>
    /// <param name="sample">
    /// What the program put out, from a perf buffer with up to 7 bytes of padding that the kernel does not tell apart; valid during the
    /// call
    /// only.
    /// </param>
    void OnSample(int cpu, ReadOnlySpan<byte> sample);

    /// <summary>
    /// The kernel dropped samples because the buffer of a CPU was full. It says so together with the next sample that fits, so samples
    /// lost at the very end are only known to the program, whose bpf_perf_event_output failed.
    /// </summary>
    /// <param name="cpu">CPU they were taken on.</param>
    /// <param name="count">Samples dropped since the last report.</param>
    void OnLost(int cpu, ulong count);

    /// <summary>All buffers were looked at once: the moment to hand on what was gathered.</summary>
    void OnDrained();
}

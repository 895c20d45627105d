using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Checks and counts the samples of rings.bpf.c, without allocating.</summary>
internal sealed class RingSink(int sampleSize) : ISampleSink
{
    public long Samples;
    public long Lost;
    public long Drained;
    public long Malformed;
    public long Allocated;

    /// <summary>Called with each sample, after it was counted.</summary>
    public Action? Sampled { get; init; }

    public void OnSample(int cpu, ReadOnlySpan<byte> sample)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(sample);
        if (cpu != -1 || sample.Length != sampleSize || words[1] != ~words[0])
            Malformed++;
        Interlocked.Increment(ref Samples);
        Sampled?.Invoke();
    }

    public void OnLost(int cpu, ulong count) => Interlocked.Add(ref Lost, (long)count);

    public void OnDrained()
    {
        Drained++;
        Volatile.Write(ref Allocated, GC.GetAllocatedBytesForCurrentThread());
    }
}

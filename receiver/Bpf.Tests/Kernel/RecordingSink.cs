using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Checks and counts the samples of samples.bpf.c, without allocating.</summary>
internal sealed class RecordingSink(int sampleSize) : ISampleSink
{
    private readonly ulong[] _next = new ulong[BpfMap.PossibleCpus];

    public long Samples;
    public long Lost;
    public long Drained;

    /// <summary>Samples of the passes that have ended: their room is free again, and the statistics have them.</summary>
    public long Settled;
    public long Malformed;
    public long OutOfOrder;
    public long Allocated;
    public int ThreadId;

    /// <summary>Called with each sample, after it was counted.</summary>
    public Action? Sampled { get; init; }

    public void OnSample(int cpu, ReadOnlySpan<byte> sample)
    {
        ThreadId = Environment.CurrentManagedThreadId;
        var words = MemoryMarshal.Cast<byte, ulong>(sample);
        // The kernel pads the record to 8 bytes, its own length field among them.
        if (sample.Length < sampleSize || sample.Length >= sampleSize + 8 || words[1] != ~words[0])
            Malformed++;
        if (words[0] < _next[cpu])
            OutOfOrder++;
        _next[cpu] = words[0] + 1;
        Interlocked.Increment(ref Samples);
        Sampled?.Invoke();
    }

    public void OnLost(int cpu, ulong count) => Interlocked.Add(ref Lost, (long)count);

    public void OnDrained()
    {
        Drained++;
        Volatile.Write(ref Allocated, GC.GetAllocatedBytesForCurrentThread());
        Volatile.Write(ref Settled, Volatile.Read(ref Samples));
    }
}

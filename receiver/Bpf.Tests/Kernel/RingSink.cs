using System.Runtime.InteropServices;
using Tmds.Linux;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Checks and counts the samples of rings.bpf.c, without allocating.</summary>
internal sealed class RingSink(int sampleSize) : ISampleSink
{
    private static readonly int Gettid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 178 : 186;

    public long Samples;
    public long Lost;
    public long Drained;

    /// <summary>Samples of the passes that have ended: their room is free again, and the statistics have them.</summary>
    public long Settled;

    /// <summary>The kernel's number of the reader's thread.</summary>
    public int ThreadId;
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
        ThreadId = (int)LibC.syscall(Gettid);
        Volatile.Write(ref Allocated, GC.GetAllocatedBytesForCurrentThread());
        Volatile.Write(ref Settled, Volatile.Read(ref Samples));
    }
}

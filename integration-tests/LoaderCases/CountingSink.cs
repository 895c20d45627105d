using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases;

/// <summary>Checks and counts the samples of Objects/samples.bpf.c and ring.bpf.c.</summary>
internal sealed class CountingSink(uint size) : ISampleSink
{
    private readonly ulong[] _next = new ulong[BpfMap.PossibleCpus];

    public long Samples;
    public long Lost;

    /// <summary>Samples of the passes that have ended: their room in the buffer is free again.</summary>
    public long Settled;

    /// <summary>Of a wrong length, damaged, or out of order.</summary>
    public long Wrong;

    /// <summary>The longest that a sample may be; the kernel pads records of perf buffers to 8 bytes, their length field among them.</summary>
    public uint Longest { get; init; } = size + 7;

    /// <summary>Called with each sample, after it was counted.</summary>
    public Action? Sampled { get; init; }

    public void OnSample(int cpu, ReadOnlySpan<byte> sample)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(sample);
        ref var next = ref _next[Math.Max(cpu, 0)]; // a ring buffer is one for all CPUs
        if (sample.Length < size || sample.Length > Longest || words[1] != ~words[0] || words[0] < next)
            Wrong++;
        next = words[0] + 1;
        Interlocked.Increment(ref Samples);
        Sampled?.Invoke();
    }

    public void OnLost(int cpu, ulong count) => Interlocked.Add(ref Lost, (long)count);

    public void OnDrained() => Volatile.Write(ref Settled, Volatile.Read(ref Samples));
}

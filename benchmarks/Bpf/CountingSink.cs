using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>Does with a sample what libbpf-reader.c does, so that only the readers differ.</summary>
internal sealed class CountingSink : ISampleSink
{
    public long Events;
    public ulong Checksum;

    /// <summary>The reader's thread, and what it allocated by the last pass.</summary>
    public int Thread;
    public long AllocatedBytes;

    public void OnSample(int cpu, ReadOnlySpan<byte> sample)
    {
        Events++;
        Checksum += MemoryMarshal.Read<ulong>(sample) + (uint)sample.Length;
    }

    public void OnLost(int cpu, ulong count)
    {
    }

    public void OnDrained()
    {
        if (Thread == 0)
            Thread = ThreadClock.CurrentThread();
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
    }
}

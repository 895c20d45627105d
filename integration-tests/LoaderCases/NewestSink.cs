using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases;

/// <summary>Keeps the highest number of Objects/samples.bpf.c on each CPU.</summary>
internal sealed class NewestSink : ISampleSink
{
    private readonly ulong[] _newest = new ulong[BpfMap.PossibleCpus];

    public ulong SumOfNewest => _newest.Aggregate(0UL, (sum, newest) => sum + newest);

    public void OnSample(int cpu, ReadOnlySpan<byte> sample) =>
        _newest[cpu] = Math.Max(_newest[cpu], MemoryMarshal.Read<ulong>(sample));

    public void OnLost(int cpu, ulong count) => throw new CaseFailedException($"{count} samples of a flight recorder are lost");

    public void OnDrained()
    {
    }
}

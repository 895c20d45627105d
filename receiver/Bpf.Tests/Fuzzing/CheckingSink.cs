namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>Reads every byte that it is given: what is not in the buffer ends the process.</summary>
internal sealed class CheckingSink : ISampleSink
{
    private int _sum;

    public void OnSample(int cpu, ReadOnlySpan<byte> sample)
    {
        foreach (var one in sample)
            _sum += one;
    }

    public void OnLost(int cpu, ulong count) => _sum += (int)count;

    public void OnDrained()
    {
    }

    public override string ToString() => $"{_sum}";
}

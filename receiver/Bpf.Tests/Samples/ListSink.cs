namespace EbpfReceiver.Bpf.Tests.Samples;

/// <summary>Keeps what it is given.</summary>
internal sealed class ListSink : ISampleSink
{
    public List<byte[]> Samples { get; } = [];

    public List<(int Cpu, ulong Count)> Losses { get; } = [];

    public void OnSample(int cpu, ReadOnlySpan<byte> sample) => Samples.Add(sample.ToArray());

    public void OnLost(int cpu, ulong count) => Losses.Add((cpu, count));

    public void OnDrained()
    {
    }
}

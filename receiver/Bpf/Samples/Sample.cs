namespace EbpfReceiver.Bpf;

/// <summary>A sample of a <see cref="SampleStream"/>, a copy of its own.</summary>
/// <param name="Cpu">CPU it was taken on; -1 from a ring buffer, which all CPUs share.</param>
/// <param name="Bytes">What the program put out, from a perf buffer with up to 7 bytes of padding.</param>
/// <param name="Lost">Samples that are known to be lost since the one before, of any CPU.</param>
public readonly record struct Sample(int Cpu, ReadOnlyMemory<byte> Bytes, ulong Lost);

namespace EbpfReceiver.Bpf;

/// <summary>What a <see cref="SampleReader"/> has done since it was started.</summary>
/// <param name="Samples">Samples delivered.</param>
/// <param name="Bytes">Their bytes, with padding.</param>
/// <param name="Lost">Samples that the kernel reported as dropped because a buffer was full.</param>
/// <param name="Wakeups">Times the thread woke, by the kernel or by the interval.</param>
/// <param name="Passes">Times all buffers were looked at.</param>
public readonly record struct SampleReaderStatistics(long Samples, long Bytes, long Lost, long Wakeups, long Passes);

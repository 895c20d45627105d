namespace EbpfReceiver.Benchmarks.OtlpWriting;

/// <summary>What a span of a TCP connection is made of, as a decoder finds it in a sample.</summary>
internal readonly record struct ConnectionSample(
    int Process, ulong Start, ulong End, ulong TraceHigh, ulong TraceLow, ulong Span, int LocalPort, int PeerPort,
    long BytesSent, long BytesReceived, long Retransmits, double RoundTrip)
{
    public const int Processes = 16;

    public static ConnectionSample[] Make(int count)
    {
        var random = new Random(1);
        var samples = new ConnectionSample[count];
        for (int i = 0; i < count; i++)
        {
            ulong start = 1_790_000_000_000_000_000 + (ulong)i * 1000;
            samples[i] = new ConnectionSample(
                random.Next(Processes), start, start + (ulong)random.Next(1_000_000_000), (ulong)random.NextInt64(),
                (ulong)random.NextInt64(), (ulong)random.NextInt64(), random.Next(1024, 65536), 443,
                random.Next(1_000_000), random.Next(1_000_000), random.Next(3), random.NextDouble() / 100);
        }
        return samples;
    }
}

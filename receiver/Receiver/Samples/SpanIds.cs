namespace EbpfReceiver.Samples;

/// <summary>Makes random ids for traces and spans: xoshiro256**, seeded by the runtime; not for secrets. One thread.</summary>
internal sealed class SpanIds
{
    private readonly Random _random = new();

    /// <summary>Fills an id; it is not all zeros.</summary>
    public void Next(Span<byte> id)
    {
        do
        {
            _random.NextBytes(id);
        }
        while (!id.ContainsAnyExcept((byte)0));
    }
}

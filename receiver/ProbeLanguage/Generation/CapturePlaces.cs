namespace EbpfReceiver.ProbeLanguage;

/// <summary>Where an end finds what its start captured.</summary>
/// <param name="Entry">The value of the start map's entry.</param>
/// <param name="Offsets">Offset of each captured value in it.</param>
internal sealed record CapturePlaces(MemoryPlace Entry, IReadOnlyList<int> Offsets)
{
    public MemoryPlace Place(int index) => Entry.Plus(Offsets[index]);
}

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The key of a map: where each of its parts is.</summary>
internal sealed class KeyLayout
{
    private readonly FieldPacking _packing = new(0);

    public KeyLayout(IEnumerable<ProbeType> types)
    {
        Offsets = [.. types.Select(_packing.Add)];
        _packing.Align(8);
    }

    public IReadOnlyList<int> Offsets { get; }

    public int Size => _packing.Size;

    public IReadOnlyList<(int Offset, int Size)> Gaps => _packing.Gaps;
}

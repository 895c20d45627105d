namespace EbpfReceiver.ProbeLanguage;

/// <summary>Places values one behind the other, each aligned for loads of its own width, strings and IPv6 addresses to 8.</summary>
internal sealed class FieldPacking(int start)
{
    private readonly List<(int Offset, int Size)> _gaps = [];
    private int _end = start;

    /// <summary>Bytes to the end of what was placed.</summary>
    public int Size => _end;

    /// <summary>Bytes between what was placed: they are to be zero, since keys are compared as a whole.</summary>
    public IReadOnlyList<(int Offset, int Size)> Gaps => _gaps;

    public int Add(ProbeType type)
    {
        Align(type.IsScalar ? type.Size : 8);
        var offset = _end;
        _end += type.Size;
        return offset;
    }

    public void Align(int alignment)
    {
        var gap = -_end & (alignment - 1);
        if (gap > 0)
            _gaps.Add((_end, gap));
        _end += gap;
    }
}

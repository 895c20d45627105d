using System.Runtime.InteropServices;

namespace EbpfReceiver.Otlp;

/// <summary>
/// A set of sequence numbers as ranges: what of a segment is done. As batches are taken in order there are few ranges, however long the
/// segment.
/// </summary>
internal sealed class SequenceRanges
{
    private readonly List<SequenceRange> _ranges = [];

    public int Count => _ranges.Count;

    public ReadOnlySpan<SequenceRange> All => CollectionsMarshal.AsSpan(_ranges);

    public bool Contains(ulong sequence)
    {
        int at = IndexAfter(sequence);
        return at > 0 && _ranges[at - 1].End > sequence;
    }

    /// <summary>Adds a range that is not empty.</summary>
    public void Add(SequenceRange added)
    {
        int from = IndexAfter(added.First);
        if (from > 0 && _ranges[from - 1].End >= added.First)
            from--;
        int to = from;
        for (; to < _ranges.Count && _ranges[to].First <= added.End; to++)
            added = new SequenceRange(Math.Min(added.First, _ranges[to].First), Math.Max(added.End, _ranges[to].End));
        if (from == to)
        {
            _ranges.Insert(from, added);
            return;
        }
        _ranges[from] = added;
        _ranges.RemoveRange(from + 1, to - from - 1);
    }

    public void Clear() => _ranges.Clear();

    /// <summary>The index of the first range that begins after the number.</summary>
    private int IndexAfter(ulong sequence)
    {
        int low = 0, high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].First <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}

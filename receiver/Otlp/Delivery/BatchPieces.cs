namespace EbpfReceiver.Otlp;

/// <summary>A batch on its way, or what is left of it after it had to be cut: the pieces that are not delivered or dropped yet, in order.</summary>
internal sealed class BatchPieces : IDisposable
{
    private readonly Stack<Batch> _left = new(1);

    public BatchPieces(Batch whole) => _left.Push(whole.Retain());

    /// <summary>The piece to send next; null when none is left.</summary>
    public Batch? Next => _left.TryPeek(out Batch? next) ? next : null;

    /// <summary>Items whose fate is open.</summary>
    public int Items
    {
        get
        {
            int items = 0;
            foreach (Batch piece in _left)
                items += piece.Items;
            return items;
        }
    }

    /// <summary>Done with <see cref="Next"/>: its items are counted.</summary>
    public void Complete() => _left.Pop().Release();

    /// <summary>Cuts <see cref="Next"/> in halves; false when it is one item.</summary>
    public bool TrySplit()
    {
        if (!RequestSplitter.TrySplit(_left.Peek(), out Batch? first, out Batch? second))
            return false;
        Complete();
        _left.Push(second!);
        _left.Push(first!);
        return true;
    }

    /// <summary>Lets go of what is left.</summary>
    public void Dispose()
    {
        while (_left.Count > 0)
            Complete();
    }
}

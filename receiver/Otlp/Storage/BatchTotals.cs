namespace EbpfReceiver.Otlp;

/// <summary>Batches, and their items by signal.</summary>
internal sealed class BatchTotals
{
    private readonly long[] _items = new long[Signals.Count];

    public long Batches { get; private set; }

    public long Items(Signal signal) => _items[(int)signal];

    public void Add(Signal signal, int items)
    {
        Batches++;
        _items[(int)signal] += items;
    }

    public void Add(BatchTotals others)
    {
        Batches += others.Batches;
        for (int signal = 0; signal < Signals.Count; signal++)
            _items[signal] += others._items[signal];
    }

    public void Remove(Signal signal, int items)
    {
        Batches--;
        _items[(int)signal] -= items;
    }

    public void Clear()
    {
        Batches = 0;
        Array.Clear(_items);
    }
}

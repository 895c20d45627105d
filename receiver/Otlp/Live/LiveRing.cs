namespace EbpfReceiver.Otlp;

/// <summary>
/// The most recent batches of one signal. The cursor counts the items that ever came by, so that what a reader missed
/// is a subtraction. Guarded by its owner's lock.
/// </summary>
internal sealed class LiveRing(int maxBatches, long maxBytes)
{
    private readonly Queue<Entry> _entries = new();
    private long _bytes;

    /// <summary>Items that ever came by.</summary>
    public long Cursor { get; private set; }

    /// <summary>Takes over a reference to the batch.</summary>
    public void Add(Batch batch)
    {
        _entries.Enqueue(new Entry(batch, Cursor));
        _bytes += batch.Footprint;
        Cursor += batch.Items;
        while (_entries.Count > maxBatches || (_bytes > maxBytes && _entries.Count > 1))
        {
            Batch oldest = _entries.Dequeue().Batch;
            _bytes -= oldest.Footprint;
            oldest.Release();
        }
    }

    public LiveReading Read(long afterCursor, int maxItems)
    {
        // A cursor from before a restart lies ahead of us: begin anew rather than wait for it.
        if (afterCursor < 0 || afterCursor > Cursor)
            afterCursor = 0;
        var batches = new List<Batch>();
        long next = afterCursor;
        long missed = 0;
        int items = 0;
        foreach (Entry entry in _entries)
        {
            if (entry.Start < afterCursor)
                continue;
            if (batches.Count > 0 && items + entry.Batch.Items > maxItems)
                break;
            if (batches.Count == 0)
                missed = entry.Start - afterCursor;
            batches.Add(entry.Batch.Retain());
            items += entry.Batch.Items;
            next = entry.Start + entry.Batch.Items;
        }
        return new LiveReading(batches, next, missed);
    }

    public void Clear()
    {
        while (_entries.TryDequeue(out Entry entry))
            entry.Batch.Release();
        _bytes = 0;
    }

    private readonly record struct Entry(Batch Batch, long Start);
}

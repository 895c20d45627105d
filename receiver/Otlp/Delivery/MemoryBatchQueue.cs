using System.Threading.Channels;

namespace EbpfReceiver.Otlp;

/// <summary>A queue that is gone with the process. What waits and what is under way both take room.</summary>
internal sealed class MemoryBatchQueue(OtlpQueueOptions options, OutletStatistics statistics) : IBatchQueue
{
    private readonly Channel<Batch> _waiting = Channel.CreateUnbounded<Batch>();
    private readonly QueueRoom _room = new(options, statistics);

    public bool TryOffer(Batch batch)
    {
        if (!_room.TryEnter(batch))
            return false;
        if (_waiting.Writer.TryWrite(batch))
            return true;
        _room.Leave(batch);
        return false;
    }

    public Task StoredAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<QueuedBatch?> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_waiting.Reader.TryRead(out Batch? batch))
                return new QueuedBatch(batch);
        }
        return null;
    }

    public void Complete(in QueuedBatch queued)
    {
        _room.Leave(queued.Batch);
        queued.Batch.Release();
    }

    public bool Keeps(in QueuedBatch queued) => false;

    public void Abandon(in QueuedBatch queued, int items) => Complete(queued);

    public void StopBlocking() => _room.StopBlocking();

    public void Close()
    {
        _room.Close();
        _waiting.Writer.TryComplete();
    }

    public void AbandonWaiting(Action<Batch> lost)
    {
        while (_waiting.Reader.TryRead(out Batch? batch))
        {
            lost(batch);
            Complete(new QueuedBatch(batch));
        }
    }

    public void Dispose() => Close();
}

using EbpfReceiver.Otlp;

namespace EbpfReceiver.Tests.Services;

/// <summary>Keeps copies of what it is offered.</summary>
internal sealed class RecordingOutlet(int queueCapacity = 0, Signal? only = null) : IOutlet
{
    private readonly Lock _lock = new();
    private readonly List<(Signal Signal, int Items, byte[] Bytes)> _batches = [];

    public string Name => "recording";

    public OutletStatistics Statistics { get; } = new(queueCapacity) { Storage = new QueueStorageStatistics(QueueStorageOptions.LeastBytes) };

    /// <summary>What a sender has to wait for.</summary>
    public Task Stored { get; set; } = Task.CompletedTask;

    /// <summary>Refuses what it is offered, as a queue does that has become full.</summary>
    public bool Refuses { get; set; }

    public IReadOnlyList<(Signal Signal, int Items, byte[] Bytes)> Batches
    {
        get
        {
            lock (_lock) return [.. _batches];
        }
    }

    public bool Takes(Signal signal) => only is null || only == signal;

    public bool TryAccept(Batch batch)
    {
        if (Refuses) return false;
        lock (_lock) _batches.Add((batch.Signal, batch.Items, batch.Bytes.ToArray()));
        batch.Release();
        return true;
    }

    public Task StoredAsync(CancellationToken cancellationToken) => Stored;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
}

using EbpfReceiver.Otlp;

namespace EbpfReceiver.Tests.Services;

/// <summary>Keeps copies of what it is offered.</summary>
internal sealed class RecordingOutlet(int queueCapacity = 0, Signal? only = null) : IOutlet
{
    private readonly Lock _lock = new();
    private readonly List<(Signal Signal, int Items, byte[] Bytes)> _batches = [];

    public string Name => "recording";

    public OutletStatistics Statistics { get; } = new(queueCapacity) { Storage = new QueueStorageStatistics(QueueStorageOptions.LeastBytes) };

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
        lock (_lock) _batches.Add((batch.Signal, batch.Items, batch.Bytes.ToArray()));
        batch.Release();
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Pushes batches by OTLP/gRPC to a collector, or to whatever speaks OTLP.
/// A bounded queue, several requests under way, retries by the OTLP rules; a partial success is counted and said once.
/// </summary>
public sealed class OtlpGrpcOutlet : IOutlet, IDisposable
{
    private readonly OtlpOutletOptions _options;
    private readonly DeliveryQueue _queue;

    /// <param name="options">Where to, and how.</param>
    /// <param name="logger">For failures and their end; null for none.</param>
    /// <param name="time">The clock of waits; null for the system's.</param>
    /// <exception cref="TlsFileException">A file of the TLS can't be used.</exception>
    public OtlpGrpcOutlet(OtlpOutletOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        _options = options;
        logger ??= NullLogger.Instance;
        time ??= TimeProvider.System;
        _queue = new DeliveryQueue(options, new GrpcSender(options, logger, time), logger, time);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public OutletStatistics Statistics => _queue.Statistics;

    /// <inheritdoc/>
    public bool Takes(Signal signal) => _options.For(signal).Enabled;

    /// <inheritdoc/>
    public bool TryAccept(Batch batch) => _queue.TryAccept(batch);

    /// <inheritdoc/>
    public Task StoredAsync(CancellationToken cancellationToken) => _queue.StoredAsync(cancellationToken);

    /// <inheritdoc/>
    public void StopBlocking() => _queue.StopBlocking();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken deadline) => _queue.StopAsync(deadline);

    /// <summary>Closes the connections; stop first.</summary>
    public void Dispose() => _queue.Dispose();
}

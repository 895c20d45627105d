namespace EbpfReceiver.Otlp;

/// <summary>Makes one attempt to send a batch.</summary>
internal interface ISender : IDisposable
{
    /// <summary>
    /// Sends the batch once. Whatever the other side or the network does becomes an outcome; only a fault of our own
    /// throws, and <paramref name="cancellationToken"/>.
    /// </summary>
    Task<SendOutcome> SendAsync(Batch batch, CancellationToken cancellationToken);
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The body of a unary gRPC call: one message, before it whether it is compressed and its length. It takes over a reference to what it
/// sends and keeps it until it is disposed and no write is under way.
/// </summary>
internal sealed class GrpcContent : HttpContent
{
    private const int PrefixBytes = 5;

    private readonly Batch _message;
    private readonly byte[] _prefix = new byte[PrefixBytes];
    private int _disposed;

    /// <param name="message">The request as it goes over the wire.</param>
    /// <param name="compressed">Whether it is compressed.</param>
    public GrpcContent(Batch message, bool compressed)
    {
        _message = message;
        _prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(_prefix.AsSpan(1), _message.Length);
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _message.Retain();
        try
        {
            await stream.WriteAsync(_prefix, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(_message.Bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _message.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = PrefixBytes + _message.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
            _message.Release();
        base.Dispose(disposing);
    }
}

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

    /// <summary>
    /// What is smaller goes as one frame with its prefix: each write is a frame, and a turn of the thread that writes to the connection. It is
    /// what a frame holds.
    /// </summary>
    private const int OneFrameBytes = 16 << 10;

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
            if (PrefixBytes + _message.Length <= OneFrameBytes)
            {
                await WriteTogetherAsync(stream, cancellationToken).ConfigureAwait(false);
                return;
            }
            await stream.WriteAsync(_prefix, cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(_message.Bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _message.Release();
        }
    }

    private async Task WriteTogetherAsync(Stream stream, CancellationToken cancellationToken)
    {
        int length = PrefixBytes + _message.Length;
        byte[] frame = RequestBuffers.Rent(length);
        _prefix.CopyTo(frame, 0);
        _message.Bytes.Span.CopyTo(frame.AsSpan(PrefixBytes));
        await stream.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        // After a failure the connection may still have it.
        RequestBuffers.Return(frame);
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

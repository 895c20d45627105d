using System.Net;
using System.Net.Http.Headers;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The body of an OTLP/HTTP request. It takes over a reference to what it sends and keeps it until it is disposed and no write is under
/// way.
/// </summary>
internal sealed class BatchContent : HttpContent
{
    private readonly Batch _body;
    private int _disposed;

    /// <param name="body">The request as it goes over the wire.</param>
    /// <param name="encoding">How it is compressed; null for not at all.</param>
    public BatchContent(Batch body, string? encoding)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (encoding is not null)
            Headers.ContentEncoding.Add(encoding);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _body.Retain();
        try
        {
            await stream.WriteAsync(_body.Bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _body.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
            _body.Release();
        base.Dispose(disposing);
    }
}

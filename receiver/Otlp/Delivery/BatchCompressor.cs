using System.Collections.Concurrent;
using System.IO.Compression;
using ZstdSharp;

namespace EbpfReceiver.Otlp;

/// <summary>Compresses requests, each into a pooled buffer of its own so that its length is known before it is sent. Any thread may call.</summary>
internal sealed class BatchCompressor : IDisposable
{
    /// <summary>Level 3, the library's default, takes more than twice the time for 3 % less on OTLP spans.</summary>
    private const int ZstdLevel = 1;

    /// <summary>Each has a megabyte of tables; there are as many as requests are compressed at one time.</summary>
    private readonly ConcurrentBag<Compressor> _idle = [];

    /// <summary>The name in Content-Encoding and grpc-encoding; null for none.</summary>
    public static string? NameOf(OtlpCompression compression) => compression switch
    {
        OtlpCompression.Gzip => "gzip",
        OtlpCompression.Zstd => "zstd",
        _ => null,
    };

    /// <summary>The batch's bytes as they go over the wire, with a reference for the caller; for <see cref="OtlpCompression.None"/> the batch itself.</summary>
    public Batch Compress(Batch batch, OtlpCompression compression) => compression switch
    {
        OtlpCompression.Gzip => Gzip(batch),
        OtlpCompression.Zstd => Zstd(batch),
        _ => batch.Retain(),
    };

    public void Dispose()
    {
        while (_idle.TryTake(out Compressor? compressor))
            compressor.Dispose();
    }

    private static Batch Gzip(Batch batch)
    {
        using var compressed = new PooledStream(Math.Max(256, batch.Length / 2));
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(batch.Bytes.Span);
        return compressed.DetachBatch(batch.Signal, batch.Items);
    }

    private Batch Zstd(Batch batch)
    {
        byte[] buffer = RequestBuffers.Rent(Compressor.GetCompressBound(batch.Length));
        if (!_idle.TryTake(out Compressor? compressor))
            compressor = new Compressor(ZstdLevel);
        int length = compressor.Wrap(batch.Bytes.Span, buffer);
        _idle.Add(compressor);
        return Batch.Own(batch.Signal, batch.Items, buffer, length);
    }
}

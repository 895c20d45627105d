using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace EbpfReceiver.Services;

/// <summary>gzip for messages of gRPC that gives up once a message becomes too large, while it is inflated.</summary>
/// <param name="maximum">The most bytes of a message.</param>
internal sealed class BoundedGzip(int maximum) : ICompressionProvider
{
    /// <inheritdoc/>
    public string EncodingName => "gzip";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) => new Inflater(stream, maximum);

    private sealed class Inflater(Stream stream, int maximum) : GZipStream(stream, CompressionMode.Decompress, leaveOpen: true)
    {
        private long _read;

        public override int Read(Span<byte> buffer) => Count(base.Read(buffer));

        public override int Read(byte[] buffer, int offset, int count) => Count(base.Read(buffer, offset, count));

        private int Count(int read)
        {
            _read += read;
            return _read <= maximum
                ? read
                : throw new RpcException(new Status(
                    StatusCode.ResourceExhausted, $"The message is larger than {maximum >> 20} MiB decompressed."));
        }
    }
}

using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace EbpfReceiver.Services.Exports;

/// <summary>
/// How requests may be compressed. What they become is bounded while it is made: a bomb is not inflated first and measured then.
/// </summary>
internal static class ContentCoding
{
    /// <summary>The codings, as <c>Accept-Encoding</c> and <c>grpc-accept-encoding</c> name them.</summary>
    public const string Accepted = "identity,gzip,zstd,deflate";

    /// <summary>
    /// log2 of the memory that a zstd frame may ask for: 8 MiB, what every decoder has to have (RFC 8878, section 3.1.1.1.2). By itself the
    /// library gives 128 MiB to whoever sends a few bytes.
    /// </summary>
    private const int MaximumWindow = 23;

    /// <summary>Whether a coding is one of them. No name at all is identity.</summary>
    public static bool IsKnown(string? name) =>
        IsIdentity(name) || Is(name, "gzip") || Is(name, "x-gzip") || Is(name, "zstd") || Is(name, "deflate");

    /// <summary>Whether there is nothing to be done.</summary>
    public static bool IsIdentity(string? name) => string.IsNullOrEmpty(name) || Is(name, "identity");

    /// <summary>Inflates bytes.</summary>
    /// <param name="name">A coding that is known and is not identity.</param>
    /// <param name="compressed">The compressed bytes; they are read to their end, or to the limit of the others.</param>
    /// <param name="output">Takes the others, up to its limit.</param>
    public static BodyOutcome TryInflate(string name, Stream compressed, RequestBytes output)
    {
        try
        {
            using Stream inflated = Open(name, compressed);
            while (true)
            {
                BodyOutcome outcome = output.TryReserve(out Span<byte> room);
                if (outcome != BodyOutcome.Complete) return outcome;
                int read = inflated.Read(room);
                if (read == 0) return BodyOutcome.Complete;
                output.Advance(read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or IOException)
        {
            // An IOException is the library's word for the end of the bytes, or for a dictionary that only the sender has.
            return BodyOutcome.Corrupt;
        }
    }

    private static Stream Open(string name, Stream compressed)
    {
        if (Is(name, "deflate")) return new ZLibStream(compressed, CompressionMode.Decompress);
        if (!Is(name, "zstd")) return new GZipStream(compressed, CompressionMode.Decompress);
        var zstd = new DecompressionStream(compressed);
        zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaximumWindow);
        return zstd;
    }

    private static bool Is(string? name, string coding) => string.Equals(name, coding, StringComparison.OrdinalIgnoreCase);
}

using System.Buffers.Binary;
using System.IO.Compression;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes;

/// <summary>The BPF objects in this assembly.</summary>
internal static class EmbeddedObjects
{
    /// <summary>Reads the object of a probe.</summary>
    /// <exception cref="BpfException">There is none, or it is malformed.</exception>
    public static BpfObjectSpec Read(string probe)
    {
        string name = $"{probe}.bpf.o";
        using Stream stream = typeof(EmbeddedObjects).Assembly.GetManifestResourceStream($"bpf/{name}.gz")
            ?? throw new BpfException($"This build has no BPF object {name}.");
        // The last four bytes are the length of what was compressed (RFC 1952, 2.3.1).
        Span<byte> length = stackalloc byte[sizeof(int)];
        stream.Seek(-length.Length, SeekOrigin.End);
        stream.ReadExactly(length);
        stream.Seek(0, SeekOrigin.Begin);
        byte[] image = GC.AllocateUninitializedArray<byte>(BinaryPrimitives.ReadInt32LittleEndian(length));
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        gzip.ReadExactly(image);
        return BpfObjectSpec.Parse(image, probe);
    }
}

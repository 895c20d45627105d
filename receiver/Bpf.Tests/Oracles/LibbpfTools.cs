using System.Buffers.Binary;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>The BPF objects inside the programs of Debian's libbpf-tools: a corpus that nobody here wrote.</summary>
internal static class LibbpfTools
{
    private const string Folder = "/usr/sbin";
    private const int MachineBpf = 247;

    private static readonly Lazy<List<(string Name, byte[] Image)>> Corpus = new(Read);

    /// <summary>All objects; skips the test if the package is not installed.</summary>
    internal static List<(string Name, byte[] Image)> Objects()
    {
        Assert.SkipUnless(File.Exists("/usr/share/doc/libbpf-tools/copyright"), "libbpf-tools is not installed");
        return Corpus.Value;
    }

    private static List<(string, byte[])> Read()
    {
        var objects = new List<(string, byte[])>();
        foreach (var path in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
        {
            if (new FileInfo(path).LinkTarget is not null)
                continue;
            var file = File.ReadAllBytes(path);
            // Past its own header, an ELF header for BPF.
            for (var at = 4; at < file.Length; at += 4)
            {
                var next = file.AsSpan(at).IndexOf("\u007fELF\u0002\u0001"u8);
                if (next < 0 || file.Length - (at += next) < 64)
                    break;
                var image = file.AsSpan(at);
                if (BinaryPrimitives.ReadUInt16LittleEndian(image[18..]) != MachineBpf)
                    continue;
                // The section headers come last.
                var sections = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
                var end = BinaryPrimitives.ReadUInt64LittleEndian(image[40..]) + (64UL * sections);
                if (end <= (ulong)image.Length)
                    objects.Add((Path.GetFileName(path), image[..(int)end].ToArray()));
            }
        }
        return objects;
    }
}

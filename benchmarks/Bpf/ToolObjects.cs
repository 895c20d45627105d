using System.Buffers.Binary;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>The BPF objects inside the programs of Debian's libbpf-tools, the largest first.</summary>
internal static class ToolObjects
{
    private const string Folder = "/usr/sbin";
    private const int MachineBpf = 247;

    /// <summary>Writes them into a directory; gives their paths.</summary>
    public static List<string> Extract(string directory)
    {
        if (!File.Exists("/usr/share/doc/libbpf-tools/copyright"))
            throw new InvalidOperationException("The benchmark needs libbpf-tools.");
        var paths = new List<string>();
        foreach (var program in Directory.GetFiles(Folder).Order(StringComparer.Ordinal))
        {
            if (new FileInfo(program).LinkTarget is not null || Image(File.ReadAllBytes(program)) is not { } image)
                continue;
            var path = Path.Combine(directory, Path.GetFileName(program) + ".o");
            File.WriteAllBytes(path, image);
            paths.Add(path);
        }

        return [.. paths.OrderByDescending(p => new FileInfo(p).Length)];
    }

    private static byte[]? Image(byte[] file)
    {
        // Past its own header, an ELF header for BPF.
        for (var at = 4; at < file.Length; at += 4)
        {
            var next = file.AsSpan(at).IndexOf("\u007fELF\u0002\u0001"u8);
            if (next < 0 || file.Length - (at += next) < 64)
                return null;
            var image = file.AsSpan(at);
            if (BinaryPrimitives.ReadUInt16LittleEndian(image[18..]) != MachineBpf)
                continue;
            // The section headers come last.
            var sections = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
            var end = BinaryPrimitives.ReadUInt64LittleEndian(image[40..]) + (64UL * sections);
            if (end <= (ulong)image.Length)
                return image[..(int)end].ToArray();
        }

        return null;
    }
}

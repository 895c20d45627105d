using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Finds the file that has the symbols of a stripped one: by its build-id, or by the name and checksum in .gnu_debuglink
/// (GDB manual, "Debugging Information in Separate Files").
/// </summary>
internal static class DebugFile
{
    private const string Root = "/usr/lib/debug";
    private const uint BuildIdNote = 3; // NT_GNU_BUILD_ID
    private const int LargestNote = 4096;

    /// <summary>Opens it. Candidates that can't be read or that belong to another build are passed over.</summary>
    /// <param name="file">The stripped file.</param>
    /// <param name="problem">What was looked for in vain, to go on with behind a sentence; or empty.</param>
    public static ImageFile? Open(ImageFile file, out string problem)
    {
        var root = RootOf(file.Path);
        var buildId = BuildIdOf(file);
        var looked = new List<string>();
        if (buildId.Length > 2)
        {
            var hex = Convert.ToHexStringLower(buildId);
            var path = $"{root}{Root}/.build-id/{hex[..2]}/{hex[2..]}.debug";
            looked.Add(path);
            if (TryOpen(path, debug => BuildIdOf(debug).AsSpan().SequenceEqual(buildId)) is { } debug)
            {
                problem = "";
                return debug;
            }
        }

        if (LinkOf(file) is { } link)
        {
            foreach (var directory in DirectoriesOf(file, root))
            {
                var path = $"{directory}/{link.Name}";
                looked.Add(path);
                if (path != file.Path && TryOpen(path, debug => debug.Checksum() == link.Checksum) is { } debug)
                {
                    problem = "";
                    return debug;
                }
            }
        }

        problem = (looked.Count == 0 ? "" : $", and there is no debug file of this build for it ({string.Join(", ", looked)})")
            + (file.FindSection(".gnu_debugdata") is null ? "" : "; its mini debug info (.gnu_debugdata) is compressed by xz and is not read, so install the debug symbols of its package");
        return null;
    }

    internal static byte[] BuildIdOf(ImageFile file)
    {
        if (file.FindSection(".note.gnu.build-id") is not { } section || section.Size > LargestNote)
            return [];
        ReadOnlySpan<byte> note = file.ReadAll(section, LargestNote);
        if (note.Length < 16 || BinaryPrimitives.ReadUInt32LittleEndian(note) != 4
            || BinaryPrimitives.ReadUInt32LittleEndian(note[8..]) != BuildIdNote || !note[12..16].SequenceEqual("GNU\0"u8))
            return [];
        var size = BinaryPrimitives.ReadUInt32LittleEndian(note[4..]);
        return size <= (uint)note.Length - 16 ? note.Slice(16, (int)size).ToArray() : [];
    }

    /// <summary>A file name, padded to four bytes, and a CRC-32. A name with a slash would lead somewhere else, and is not taken.</summary>
    private static (string Name, uint Checksum)? LinkOf(ImageFile file)
    {
        if (file.FindSection(".gnu_debuglink") is not { } section || section.Size > LargestNote)
            return null;
        ReadOnlySpan<byte> link = file.ReadAll(section, LargestNote);
        var end = link.IndexOf((byte)0);
        var at = (end + 4) & ~3;
        if (end <= 0 || at + 4 > link.Length || link[..end].Contains((byte)'/'))
            return null;
        return (Encoding.UTF8.GetString(link[..end]), BinaryPrimitives.ReadUInt32LittleEndian(link[at..]));
    }

    private static IEnumerable<string> DirectoriesOf(ImageFile file, string root)
    {
        var given = Path.GetDirectoryName(Path.GetFullPath(file.Path)) ?? "/";
        // Symbolic links on the way: /lib is /usr/lib on most machines, and the debug files are below one of them.
        var real = root.Length > 0 ? given : Path.GetDirectoryName(file.RealPath) ?? given;
        foreach (var directory in (IEnumerable<string>)(real == given ? [given] : [given, real]))
        {
            yield return directory;
            yield return $"{directory}/.debug";
            yield return $"{root}{Root}{directory[root.Length..]}";
        }
    }

    /// <summary>For a file of a container, seen through /proc/PID/root, its debug files are there as well.</summary>
    private static string RootOf(string path)
    {
        if (!path.StartsWith("/proc/", StringComparison.Ordinal))
            return "";
        var end = path.IndexOf("/root/", StringComparison.Ordinal);
        return end > 0 && path.AsSpan(6, end - 6).IndexOfAnyExceptInRange('0', '9') < 0 ? path[..(end + 5)] : "";
    }

    private static ImageFile? TryOpen(string path, Func<ImageFile, bool> isOfThisBuild)
    {
        if (!File.Exists(path))
            return null;
        ImageFile? file = null;
        try
        {
            file = ImageFile.Open(path);
            if (isOfThisBuild(file))
                return file;
        }
        catch (BpfException)
        {
            // Someone else's file that happens to have the name; there may be another one.
        }

        file?.Dispose();
        return null;
    }
}

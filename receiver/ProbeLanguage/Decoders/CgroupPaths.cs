using System.Runtime.InteropServices;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Paths of control groups by id. The hierarchy is walked when an id is asked for that the last walk did not see, at most once a second.
/// </summary>
/// <param name="roots">Where the hierarchy may be mounted; the first that is one is taken.</param>
internal sealed partial class CgroupPaths(IReadOnlyList<string> roots)
{
    private const int MaximumGroups = 65536;
    private const int MaximumDepth = 32;
    private const long WalkInterval = 1000;
    private const int CurrentDirectory = -100;
    private const uint InodeWanted = 0x100;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, string> _paths = [];
    private long _walkedAt = -WalkInterval;

    /// <summary>The path from the root of the hierarchy, <c>/</c> for the root itself; null if there is no such group.</summary>
    public string? Find(ulong id)
    {
        lock (_gate)
        {
            if (_paths.TryGetValue(id, out string? path)) return path;
            if (Environment.TickCount64 - _walkedAt < WalkInterval) return null;
            _walkedAt = Environment.TickCount64;
            _paths.Clear();
            string? root = roots.FirstOrDefault(r => File.Exists(Path.Combine(r, "cgroup.controllers"))) ?? roots.FirstOrDefault(Directory.Exists);
            if (root is not null) Walk(root, "/", 0);
            return _paths.GetValueOrDefault(id);
        }
    }

    private void Walk(string directory, string path, int depth)
    {
        if (_paths.Count >= MaximumGroups || Statx(CurrentDirectory, directory, 0, InodeWanted, out StatxBuffer buffer) != 0) return;
        _paths[buffer.Inode] = path;
        if (depth == MaximumDepth) return;
        try
        {
            foreach (string child in Directory.EnumerateDirectories(directory))
                Walk(child, depth == 0 ? $"/{Path.GetFileName(child)}" : $"{path}/{Path.GetFileName(child)}", depth + 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The group was removed while it was looked at.
        }
    }

    // statx(2), because its structure is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>struct statx of linux/stat.h, 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(32)]
        public ulong Inode;
    }
}

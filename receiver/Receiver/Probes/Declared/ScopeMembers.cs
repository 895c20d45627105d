using EbpfReceiver.Identity;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Libraries;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Finds what a scope means on this machine at this moment.</summary>
internal static class ScopeMembers
{
    private const int MaximumDepth = 32;

    private static readonly string[] GroupRoots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];

    /// <summary>The numbers that are in a set.</summary>
    public static HashSet<ulong> Of(BoundSet set)
    {
        var members = new HashSet<ulong>();
        switch (set.Kind)
        {
            case BoundSetKind.Executables:
                AddExecutables(set.Entries, members);
                break;
            case BoundSetKind.Cgroups:
                foreach (string path in set.Entries) AddGroups(Path.Combine(GroupRoot(), path.TrimStart('/')), members, 0);
                break;
            case BoundSetKind.Containers:
                AddContainers(GroupRoot(), set.Entries, members, 0);
                break;
        }

        return members;
    }

    /// <summary>The files of this machine, and the files that processes in other mount namespaces run under these paths.</summary>
    private static void AddExecutables(IReadOnlyList<string> paths, HashSet<ulong> members)
    {
        foreach (string path in paths)
        {
            if (FileId.TryOf(path, out FileId id)) members.Add(id.Inode);
        }

        var files = new ProcFiles();
        foreach (int pid in files.Processes())
        {
            if (paths.Contains(files.ReadExecutablePath(pid)) && FileId.TryOf($"{files.Root}/{pid}/exe", out FileId id)) members.Add(id.Inode);
        }
    }

    private static string GroupRoot() => GroupRoots.FirstOrDefault(r => File.Exists(Path.Combine(r, "cgroup.controllers"))) ?? GroupRoots[0];

    private static void AddGroups(string directory, HashSet<ulong> members, int depth)
    {
        if (depth > MaximumDepth || !FileId.TryOf(directory, out FileId id)) return;
        members.Add(id.Inode);
        foreach (string child in Children(directory)) AddGroups(child, members, depth + 1);
    }

    private static void AddContainers(string directory, IReadOnlyList<string> ids, HashSet<ulong> members, int depth)
    {
        if (depth > MaximumDepth) return;
        foreach (string child in Children(directory))
        {
            string? container = ContainerReference.FromCgroupPath(Path.GetFileName(child)).ContainerId;
            if (container is not null && ids.Any(id => container.StartsWith(id, StringComparison.Ordinal))) AddGroups(child, members, depth + 1);
            else AddContainers(child, ids, members, depth + 1);
        }
    }

    private static IReadOnlyList<string> Children(string directory)
    {
        try
        {
            return Directory.GetDirectories(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The group was removed while it was looked at.
            return [];
        }
    }
}

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
    /// <param name="set">What is written.</param>
    /// <param name="absent">Takes the entries that nothing on this machine is meant by.</param>
    public static HashSet<ulong> Of(BoundSet set, ICollection<string> absent)
    {
        var members = new HashSet<ulong>();
        var found = new HashSet<string>(StringComparer.Ordinal);
        switch (set.Kind)
        {
            case BoundSetKind.Executables:
                AddExecutables(set.Entries, members, found);
                break;
            case BoundSetKind.Cgroups:
                foreach (string path in set.Entries)
                {
                    if (AddGroups(Path.Combine(GroupRoot(), path.TrimStart('/')), members, 0)) found.Add(path);
                }

                break;
            case BoundSetKind.Containers:
                AddContainers(GroupRoot(), set.Entries, members, found, 0);
                break;
        }

        foreach (string entry in set.Entries)
        {
            if (!found.Contains(entry)) absent.Add(entry);
        }

        return members;
    }

    /// <summary>The files of this machine, and the files that processes in other mount namespaces run under these paths.</summary>
    private static void AddExecutables(IReadOnlyList<string> paths, HashSet<ulong> members, HashSet<string> found)
    {
        void Add(string path, string file)
        {
            if (!FileId.TryOf(file, out FileId id)) return;
            members.Add(id.Inode);
            found.Add(path);
        }

        foreach (string path in paths) Add(path, path);
        var files = new ProcFiles();
        foreach (int pid in files.Processes())
        {
            if (files.ReadExecutablePath(pid) is { } path && paths.Contains(path)) Add(path, $"{files.Root}/{pid}/exe");
        }
    }

    private static string GroupRoot() => GroupRoots.FirstOrDefault(r => File.Exists(Path.Combine(r, "cgroup.controllers"))) ?? GroupRoots[0];

    private static bool AddGroups(string directory, HashSet<ulong> members, int depth)
    {
        if (depth > MaximumDepth || !Directory.Exists(directory) || !FileId.TryOf(directory, out FileId id)) return false;
        members.Add(id.Inode);
        foreach (string child in Children(directory)) AddGroups(child, members, depth + 1);
        return true;
    }

    private static void AddContainers(string directory, IReadOnlyList<string> ids, HashSet<ulong> members, HashSet<string> found, int depth)
    {
        if (depth > MaximumDepth) return;
        foreach (string child in Children(directory))
        {
            string? container = ContainerReference.FromCgroupPath(Path.GetFileName(child)).ContainerId;
            string[] meant = container is null ? [] : [.. ids.Where(id => container.StartsWith(id, StringComparison.Ordinal))];
            if (meant.Length == 0) AddContainers(child, ids, members, found, depth + 1);
            else if (AddGroups(child, members, depth + 1)) found.UnionWith(meant);
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

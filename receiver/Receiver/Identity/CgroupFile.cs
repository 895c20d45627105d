namespace EbpfReceiver.Identity;

/// <summary>Reads <c>/proc/PID/cgroup</c> (cgroups(7)): lines of <c>hierarchy:controllers:path</c>; 0 is the v2 hierarchy.</summary>
internal static class CgroupFile
{
    /// <summary>
    /// The path that says most: one that names a container, in whichever hierarchy; else the v2 path unless it is the root; else the
    /// first v1 path that is not the root; else <c>/</c>. Empty if the text has no such line.
    /// </summary>
    public static string MostTellingPath(ReadOnlySpan<byte> text)
    {
        string best = "";
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int first = line.IndexOf((byte)':');
            if (first < 0) continue;
            int second = line[(first + 1)..].IndexOf((byte)':');
            if (second < 0) continue;
            string path = Names.Of(line[(first + second + 2)..]);
            if (ContainerReference.FromCgroupPath(path).ContainerId is not null) return path;
            bool unified = line[..first].SequenceEqual("0"u8);
            if (best.Length == 0 || (path != "/" && (best == "/" || unified))) best = path;
        }

        return best;
    }
}

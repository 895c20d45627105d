namespace EbpfReceiver.Identity;

/// <summary>
/// The container and the pod that a cgroup path names. The forms that engines give (docker, containerd, cri-o, podman; cgroupfs and
/// systemd drivers; v1 and v2) have in common that a component is, or ends in, the 64 hex digits of the container's id.
/// </summary>
/// <param name="ContainerId">64 lower-case hex digits; null if the path names no container.</param>
/// <param name="PodUid">The uid of the Kubernetes pod, with dashes; null if there is none.</param>
internal readonly record struct ContainerReference(string? ContainerId, string? PodUid)
{
    private const int IdLength = 64;
    private const int UidLength = 36;

    /// <summary>Reads a cgroup path, such as <c>/system.slice/docker-0123...scope</c>. The innermost container wins.</summary>
    public static ContainerReference FromCgroupPath(ReadOnlySpan<char> path)
    {
        string? container = null;
        string? pod = null;
        foreach (Range range in path.Split('/'))
        {
            ReadOnlySpan<char> component = path[range];
            if (ContainerIdOf(component) is { } id) container = id;
            if (PodUidOf(component) is { } uid) pod = uid;
        }

        return new ContainerReference(container, pod);
    }

    private static string? ContainerIdOf(ReadOnlySpan<char> component)
    {
        // The monitor of a container (cri-o, podman) runs beside it, in a cgroup of the same id.
        if (component.Contains("conmon", StringComparison.Ordinal)) return null;
        if (component.EndsWith(".scope", StringComparison.Ordinal)) component = component[..^6];
        if (component.Length < IdLength) return null;
        ReadOnlySpan<char> id = component[^IdLength..];
        ReadOnlySpan<char> prefix = component[..^IdLength];

        // docker-ID, cri-containerd-ID, libpod-ID; "kubepods-...slice:cri-containerd:ID" where containerd was given a systemd path it does not know.
        if (prefix.Length > 0 && prefix[^1] is not ('-' or ':')) return null;
        return id.ContainsAnyExcept("0123456789abcdef") ? null : Names.Of(id);
    }

    private static string? PodUidOf(ReadOnlySpan<char> component)
    {
        // cgroupfs: pod0ee7...; systemd: kubepods-burstable-pod0ee7_....slice, where '-' would make a hierarchy.
        int at = component.StartsWith("pod", StringComparison.Ordinal) ? 3
            : component.StartsWith("kubepods", StringComparison.Ordinal) && component.IndexOf("-pod", StringComparison.Ordinal) is >= 0 and var i ? i + 4
            : -1;
        if (at < 0) return null;
        ReadOnlySpan<char> rest = component[at..];
        int end = rest.IndexOfAnyExcept("0123456789abcdefABCDEF-_");
        if (end >= 0)
        {
            if (!rest[end..].StartsWith(".slice", StringComparison.Ordinal)) return null;
            rest = rest[..end];
        }

        // Static pods have the 32 hex digits of a hash for a uid.
        if (rest.Length == 32 && !rest.ContainsAny('-', '_')) return Names.Of(rest);
        if (rest.Length != UidLength) return null;
        Span<char> uid = stackalloc char[UidLength];
        rest.Replace(uid, '_', '-');
        return Guid.TryParseExact(uid, "D", out _) ? Names.Of(uid) : null;
    }
}

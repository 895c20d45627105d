using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Guests;

/// <summary>One of Debian's kernels, as kernels/fetch.sh leaves it in the cache.</summary>
internal sealed record GuestKernel(string Version, string Release, string Image, string ModuleDirectory)
{
    /// <summary>The versions that everything is tested on: oldest supported to newest there is.</summary>
    public static IReadOnlyList<string> Versions { get; } =
        Environment.GetEnvironmentVariable("EBPF_RECEIVER_KERNELS")?.Split(',') ?? ["5.10", "6.1", "6.12", "7"];

    /// <summary>
    /// XFS, Btrfs, NFS with its server, and software RAID, each behind what it stands on in every version; what a version has built in or
    /// has not is passed over.
    /// </summary>
    public static IReadOnlyList<string> FileSystems { get; } =
    [
        "libcrc32c", "xor", "raid6_pq", "libblake2b", "zstd_compress", "xfs", "btrfs", "sunrpc", "grace", "lockd", "netfs", "fscache", "nfs", "nfs_acl",
        "auth_rpcgss", "nfsd", "dns_resolver", "nfsv4", "md-mod", "loop",
    ];

    /// <summary>Fetches the kernel if it is not in the cache. A kernel that can't be had is an error.</summary>
    public static GuestKernel Get(string version)
    {
        Command.Run(Path.Combine(Repository.Root, "integration-tests", "kernels", "fetch.sh"), [version], TimeSpan.FromMinutes(10)).EnsureSuccess();
        string directory = Path.Combine(Repository.Cache, "kernels", version);
        string release = File.ReadAllText(Path.Combine(directory, "release")).Trim();
        return new GuestKernel(version, release, Path.Combine(directory, "vmlinuz"), Path.Combine(directory, "modules"));
    }

    /// <summary>The kernel's configuration, as /boot has it; null where its package has none.</summary>
    public string? Configuration =>
        Path.Combine(Path.GetDirectoryName(Image)!, "config") is { } path && File.Exists(path) ? path : null;

    /// <summary>The file of a module; null where it is built in.</summary>
    public string? Module(string name)
    {
        string path = Path.Combine(ModuleDirectory, name + ".ko");
        return File.Exists(path) ? path : null;
    }
}

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Which probes of the catalogue a kernel has no hook for by its types, with words of the reason.</summary>
internal static class CatalogueGaps
{
    /// <summary>The kernel that runs here.</summary>
    public const string Running = "6.18";

    // Debian's cloud kernels have these file systems as modules, which these tests do not load.
    private static readonly Dictionary<string, string> s_modules = new(StringComparer.Ordinal)
    {
        ["btrfs_latency"] = "has no function btrfs_file_read_iter",
        ["btrfs_slow"] = "has no function btrfs_file_read_iter",
        ["md_flush"] = "has no function md_flush_request",
        ["nfs_latency"] = "has no function nfs_file_read",
        ["nfs_slow"] = "has no function nfs_file_read",
        ["xfs_latency"] = "has no function xfs_file_read_iter",
        ["xfs_slow"] = "has no function xfs_file_read_iter",
        ["xfs_log_forces"] = "has no tracepoint xfs_log_force",
        ["xfs_log_wait"] = "has no tracepoint xfs_log_grant_sleep",
    };

    private static readonly Dictionary<string, string> s_before519 = new(s_modules, StringComparer.Ordinal)
    {
        ["kernel_lock_contention"] = "has no tracepoint contention_begin", // since 5.19
        ["mmap_lock_wait"] = "has no tracepoint mmap_lock:mmap_lock_start_locking", // since 5.11
        ["network_drops"] = "kfree_skb has no argument reason", // since 5.17
        ["tcp_congestion"] = "has no tracepoint tcp_cong_state_set", // since 5.19
    };

    // The kernel that the tests run on has no modules, and these not built in.
    private static readonly Dictionary<string, string> s_running = new(StringComparer.Ordinal)
    {
        ["md_flush"] = s_modules["md_flush"],
        ["nfs_latency"] = s_modules["nfs_latency"],
        ["nfs_slow"] = s_modules["nfs_slow"],
    };

    /// <summary>The kernels that the catalogue is bound to.</summary>
    public static IReadOnlyList<string> Kernels { get; } = ["5.10", "6.1", "6.12", Running, "7"];

    /// <summary>The probes without a hook, by name.</summary>
    public static IReadOnlyDictionary<string, string> Of(string kernel) => kernel switch
    {
        "5.10" => s_before519,
        Running => s_running,
        _ => s_modules,
    };
}

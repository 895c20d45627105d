namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary>Which probes of the catalogue can't run on a kernel, with words of the reason that is to be given.</summary>
internal static class CatalogueGaps
{
    public const string ThisMachine = "this machine";

    // A module's types are known since 5.11; without them there are no arguments of its tracepoints.
    private static readonly Dictionary<string, string> s_before519 = new(StringComparer.Ordinal)
    {
        ["kernel_lock_contention"] = "has no tracepoint contention_begin",
        ["mmap_lock_wait"] = "has no tracepoint mmap_lock:mmap_lock_start_locking",
        ["network_drops"] = "kfree_skb has no argument reason",
        ["tcp_congestion"] = "has no tracepoint tcp_cong_state_set",
        ["xfs_log_wait"] = "has no tracepoint xfs_log_grant_sleep",
    };

    private static readonly Dictionary<string, string> s_none = [];

    // Built without kprobes, and locked down so that fentry is refused.
    private static readonly string[] s_kprobes =
    [
        "btrfs_latency", "btrfs_slow", "cgroup_throttling", "ext4_latency", "ext4_slow", "file_lifetime", "file_reads", "file_writes", "kernel_function_latency",
        "kernel_mutex_wait", "numa_migration_latency", "page_cache_accesses", "page_fault_latency", "tcp_accept_latency", "tcp_listen_overflows", "tcp_received",
        "tcp_sent", "tcp_syn_backlog", "vfs_operations", "xfs_latency", "xfs_slow",
    ];

    private static readonly Dictionary<string, string> s_thisMachine = s_kprobes
        .ToDictionary(name => name, _ => "kprobe", StringComparer.Ordinal)
        .Concat(new Dictionary<string, string>
        {
            ["md_flush"] = "has no function md_flush_request",
            ["nfs_latency"] = "has no function nfs_file_read",
            ["nfs_slow"] = "has no function nfs_file_read",
        })
        .ToDictionary(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> Of(string kernel) => kernel switch
    {
        ThisMachine => s_thisMachine,
        "5.10" => s_before519,
        _ => s_none,
    };

    /// <summary>Whether a probe waits for programs and libraries that are installed or not, or for counters that a processor has or not.</summary>
    public static bool DependsOnPrograms(string name) =>
        name is "shell_commands" or "host_lookups" or "user_function_latency" or "allocation_lifetime" or "pthread_mutex_wait"
            || new[] { "postgresql_", "mysql_", "python_", "jvm_", "node_", "openssl_", "malloc_", "cache_" }.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}

namespace EbpfReceiver.Bpf;

/// <summary>Names as bpftool and the kernel's own documentation write them.</summary>
public static class KernelNames
{
    private static readonly string[] ProgramTypes =
    [
        "unspec", "socket_filter", "kprobe", "sched_cls", "sched_act", "tracepoint", "xdp", "perf_event", "cgroup_skb", "cgroup_sock",
        "lwt_in", "lwt_out", "lwt_xmit", "sock_ops", "sk_skb", "cgroup_device", "sk_msg", "raw_tracepoint", "cgroup_sock_addr",
        "lwt_seg6local", "lirc_mode2", "sk_reuseport", "flow_dissector", "cgroup_sysctl", "raw_tracepoint_writable", "cgroup_sockopt",
        "tracing", "struct_ops", "ext", "lsm", "sk_lookup", "syscall", "netfilter",
    ];

    private static readonly string[] MapTypes =
    [
        "unspec", "hash", "array", "prog_array", "perf_event_array", "percpu_hash", "percpu_array", "stack_trace", "cgroup_array", "lru_hash",
        "lru_percpu_hash", "lpm_trie", "array_of_maps", "hash_of_maps", "devmap", "sockmap", "cpumap", "xskmap", "sockhash", "cgroup_storage",
        "reuseport_sockarray", "percpu_cgroup_storage", "queue", "stack", "sk_storage", "devmap_hash", "struct_ops", "ringbuf",
        "inode_storage", "task_storage", "bloom_filter", "user_ringbuf", "cgrp_storage", "arena", "insn_array", "rhash",
    ];

    private static readonly string[] Relocations =
    [
        "byte_off", "byte_sz", "field_exists", "signed", "lshift_u64", "rshift_u64", "local_type_id", "target_type_id", "type_exists",
        "type_size", "enumval_exists", "enumval_value", "type_matches",
    ];

    /// <summary>A program type, for example <c>sched_cls</c>; of one that has no name, its number.</summary>
    public static string Of(BpfProgramType type) => Name(ProgramTypes, (uint)type);

    /// <summary>A map type, for example <c>percpu_array</c>; of one that has no name, its number.</summary>
    public static string Of(BpfMapType type) => Name(MapTypes, (uint)type);

    /// <summary>A kind of CO-RE relocation, for example <c>byte_off</c>; of one that has no name, its number.</summary>
    public static string Of(CoreRelocationKind kind) => Name(Relocations, (uint)kind);

    private static string Name(string[] names, uint value) =>
        value < (uint)names.Length ? names[value] : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

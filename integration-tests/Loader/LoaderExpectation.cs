namespace EbpfReceiver.IntegrationTests.Loader;

/// <summary>What a case has to come to.</summary>
/// <param name="Case">Its name.</param>
/// <param name="From">The first kernel that it passes on, for example 5.18; before that it is refused.</param>
/// <param name="Before">What the refusal on older kernels says, or with bars between them one of several; null if there are no older ones.</param>
/// <param name="UnlessHere">
/// This machine's kernel may lack what it takes, in its configuration or by a policy; then it is refused, and says this.
/// </param>
/// <param name="LeftOutOf">A kernel of the matrix that was built without what it takes, and what the refusal says there.</param>
/// <param name="InGuests">It is run in guests only: it does to the machine what others on it would not like.</param>
internal sealed record LoaderExpectation(
    string Case, string From = "5.10", string? Before = null, string? UnlessHere = null, (string Kernel, string Says)? LeftOutOf = null,
    bool InGuests = false)
{
    private const string NoKprobes = "CONFIG_KPROBES";
    private const string Policy = "a policy refuses it";

    /// <summary>Every case there is.</summary>
    public static IReadOnlyList<LoaderExpectation> All { get; } =
    [
        new("kernel.warm_up"),
        new("kernel.features"),
        new("core.field_offset"),
        new("core.field_size"),
        new("core.field_exists"),
        new("core.field_signed"),
        new("core.task_bits"),
        new("core.sock_bits"),
        new("core.type_exists"),
        new("core.type_size"),
        new("core.type_ids"),
        new("core.enumerators"),
        new("core.flavours_and_dead_code"),
        new("core.reached_poison"),
        new("core.direct_loads"),
        new("core.widened_load"),
        new("data.variables"),
        new("data.own_sections"),
        new("data.functions"),
        new("data.callback_for_each", From: "5.13", Before: "5.13"),
        new("data.callback_loop", From: "5.17", Before: "5.1" /* callbacks as such: 5.13; this helper: 5.17 */),
        new("extern.kconfig"),
        new("extern.ksym_address"),
        // Debian's 5.10 has no variables in its types, and this machine's kernel no addresses of them in kallsyms.
        new("extern.ksym_variable", From: "6.1", Before: "the kernel variable runqueues", UnlessHere: "runqueues"),
        new("extern.kfunc", From: "6.2", Before: "bpf_rcu_read_lock"),
        // Debian built 5.10 with types of the kernel proper only, and 5.11 is the first that shows those of modules.
        new("module.kprobe", InGuests: true),
        new("module.kprobe_multi", From: "5.18", Before: "5.18", LeftOutOf: ("6.1", "CONFIG_FPROBE"), InGuests: true),
        new("module.tracepoint", InGuests: true),
        new("module.fentry", From: "5.11", Before: "since Linux 5.11", InGuests: true),
        new("module.fexit", From: "5.11", Before: "since Linux 5.11", InGuests: true),
        new("module.tp_btf", From: "5.11", Before: "since Linux 5.11", InGuests: true),
        new("module.types", From: "5.11", Before: "has no struct loop_device", InGuests: true),
        new("module.ksym", InGuests: true),
        new("map.hash"),
        new("map.array"),
        new("map.percpu"),
        new("map.lru"),
        new("map.lpm_trie"),
        new("map.stack_trace"),
        new("map.queue_and_stack"),
        new("map.of_maps"),
        new("map.of_programs"),
        new("map.bloom_filter", From: "5.16", Before: "5.16"),
        new("map.task_storage", From: "5.11", Before: "5.11"),
        new("map.mapped"),
        new("map.batches"),
        new("map.iteration"),
        new("map.pinned_by_name"),
        new("attach.raw_tp"),
        new("attach.tp_btf"),
        new("attach.tracepoint"),
        new("attach.tracepoint_syscall"),
        new("attach.kprobe", UnlessHere: NoKprobes),
        new("attach.kretprobe", UnlessHere: NoKprobes),
        new("attach.fentry", UnlessHere: Policy),
        new("attach.fexit", UnlessHere: Policy),
        new("attach.uprobe"),
        new("attach.uretprobe"),
        new("attach.uprobe_of_all"),
        new("attach.uprobe_of_library"),
        new("attach.uprobe_of_processes_that_take_turns"),
        new("attach.clock"),
        new("attach.kprobe_tracefs", UnlessHere: NoKprobes),
        new("attach.kretprobe_tracefs", UnlessHere: NoKprobes),
        new("attach.kprobe_multi", From: "5.18", Before: "5.18", UnlessHere: "CONFIG_FPROBE", LeftOutOf: ("6.1", "CONFIG_FPROBE")),
        new("attach.kretprobe_multi", From: "5.18", Before: "5.18", UnlessHere: "can't be looked up", LeftOutOf: ("6.1", "CONFIG_FPROBE")),
        new("attach.kprobe_session", From: "6.10", Before: "6.10", UnlessHere: "CONFIG_FPROBE"),
        new("attach.ksyscall", UnlessHere: NoKprobes),
        new("attach.kretsyscall", UnlessHere: NoKprobes),
        // Without cookies at all, the helper that asks for them is what is missing.
        new("cookie.kprobe", From: "5.15", Before: "5.15", UnlessHere: NoKprobes),
        new("cookie.tracepoint", From: "5.15", Before: "5.15"),
        new("cookie.fentry", From: "5.19", Before: "5.15|5.19", UnlessHere: Policy),
        new("cookie.raw_tp", From: "6.10", Before: "5.15|6.10"),
        new("cookie.uprobe", From: "5.15", Before: "5.15"),
        new("attach.uprobe_multi", From: "6.6", Before: "5.15|6.6"),
        new("attach.uretprobe_multi", From: "6.6", Before: "6.6"),
        new("attach.uprobe_session", From: "6.13", Before: "6.13"),
        new("attach.usdt"),
        new("attach.usdt_semaphore"),
        new("attach.page_faults"),
        new("attach.iterator"),
        new("attach.cgroup"),
        new("misses.kprobe", UnlessHere: NoKprobes),
        new("misses.kprobe_in_kprobe", UnlessHere: NoKprobes),
        new("misses.kprobe_multi", From: "5.18", Before: "5.18", UnlessHere: "CONFIG_FPROBE", LeftOutOf: ("6.1", "CONFIG_FPROBE")),
        new("misses.fentry", UnlessHere: Policy),
        new("samples.perf_exact"),
        new("samples.perf_loss"),
        new("samples.flight_recorder"),
        new("samples.ring_exact"),
        new("samples.ring_loss"),
        new("samples.hotplug", InGuests: true),
        new("probe.tp_btf"),
        new("probe.raw_tp"),
        new("probe.tracepoint"),
        new("probe.kprobe", UnlessHere: NoKprobes),
        new("probe.pair"),
        new("probe.text"),
        new("probe.followed_pointers"),
        new("probe.expressions"),
        new("refusal.verifier"),
        new("refusal.endless_loop"),
        new("refusal.helper"),
        new("refusal.tp_btf"),
        new("refusal.raw_tp"),
        new("refusal.tracepoint"),
        new("refusal.arguments"),
        new("refusal.kprobe"),
        new("refusal.kretprobe"),
        new("refusal.fentry"),
        new("privilege.missing"),
        new("privilege.memory_limit"),
        new("leaks.nothing_is_left"),
    ];

    /// <summary>The cases of one kernel.</summary>
    public static IEnumerable<LoaderExpectation> On(string kernel) => All.Where(one => !one.InGuests || kernel != LoaderRun.ThisMachine);

    /// <summary>Whether a kernel has what the case needs by its version.</summary>
    public bool IsIn((int Major, int Minor) release) => new Version(release.Major, release.Minor) >= Version.Parse(From);
}

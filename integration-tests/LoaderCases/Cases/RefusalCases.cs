namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>What a kernel refuses is said as a sentence (Objects/refused.bpf.c).</summary>
internal static class RefusalCases
{
    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("refusal.verifier", run => Says(run, "unchecked_lookup", "refused by the verifier (EACCES)", "'map_value_or_null'", "refused.bpf.c:")),
        new("refusal.endless_loop", run => Says(run, "endless", "infinite loop detected", "refused.bpf.c:")),
        new("refusal.helper", run => Says(run, "unknown_helper", "calls helper 9999, which this kernel does not have")),
        new("refusal.tp_btf", run => Says(run, "missing_tp_btf", "no_such_tracepoint")),
        new("refusal.raw_tp", run => Says(run, "missing_raw_tp", "no_such_tracepoint", "The kernel has no such tracepoint")),
        new("refusal.tracepoint", run => Says(run, "missing_tp", "sched/no_such_tracepoint", "The kernel has no such tracepoint")),
        new("refusal.arguments", run => Says(run, "too_many_arguments", "more arguments than the tracepoint has")),
        new("refusal.kprobe", run => Says(run, "missing_kprobe", "no_such_function")),
        new("refusal.kretprobe", run => Says(run, "missing_kretprobe", "no_such_function")),
        new("refusal.fentry", run => Says(run, "missing_fentry", "no_such_function")),
    ];

    private static void Says(CaseRun run, string program, params string[] parts)
    {
        using var refused = CaseRun.Create("refused");
        var refusal = CaseRun.Refused(() => refused.Object.Load(program).Attach().Dispose(), program);
        run.Fact("refusal", refusal.Message);
        foreach (var part in parts)
            CaseRun.True(refusal.Message.Contains(part, StringComparison.Ordinal), $"the refusal does not say {part}: {refusal.Message}");
    }
}

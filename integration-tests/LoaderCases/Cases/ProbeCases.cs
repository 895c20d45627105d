using System.Globalization;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>
/// Declarative probes, from their YAML to what they count: bound to the types of the running kernel, compiled, and taken by its verifier.
/// Each is hit a hundred times by a system call of this process.
/// </summary>
internal static class ProbeCases
{
    private const int Hits = 100;
    private const string Mine = "pid == PID";

    private const string AllEmitters = """
              - counter: { name: t.calls, unit: "{call}", attributes: { t.comm: comm, t.uid: uid } }
              - sum: { name: t.sum, value: args.id, attributes: { t.pid: pid, t.cpu: cpu } }
              - updown: { name: t.updown, value: 0 - args.id }
              - gauge: { name: t.last, mode: last, value: args.id, attributes: { t.tid: tid } }
              - gauge: { name: t.min, mode: min, value: args.id }
              - gauge: { name: t.max, mode: max, value: args.id, attributes: { t.cgroup: cgroup } }
              - histogram: { name: t.exponential0, value: args.id, scale: 0 }
              - histogram: { name: t.exponential4, value: args.id, scale: 4, attributes: { t.comm: comm } }
              - histogram: { name: t.explicit, value: args.id, buckets: [1, 10, 100, 121, 1000] }
              - histogram: { name: t.linear, value: args.id, linear: { min: 0, max: 301, step: 7 } }
              - topk: { name: t.top, k: 5, attributes: { t.comm: comm, t.pid: pid } }
        """;

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("probe.tp_btf", run => Count(run, Single("tp_btf:sys_enter", $"{Mine} && args.id == 121", AllEmitters), 1)),
        new("probe.raw_tp", run => Count(run, Single("raw_tp:sys_enter", $"{Mine} && args.id == 121", AllEmitters), 1)),
        new("probe.tracepoint", run => Count(run, Single("tracepoint:syscalls:sys_enter_getpgid", Mine, """
                  - counter: { name: t.calls, attributes: { t.comm: comm, t.argument: args.pid } }
            """), 1)),
        new("probe.kprobe", run => Count(run, Single("kprobe:__x64_sys_getpgid", Mine, """
                  - counter: { name: t.calls, attributes: { t.comm: comm } }
            """), 1)),
        new("probe.pair", run => Count(run, $$"""
            version: 1
            probes:
              - name: pair
                on: { start: [tp_btf:sys_enter, raw_tp:sys_enter], end: [tp_btf:sys_exit, raw_tp:sys_exit] }
                where: start.args.id == 121 && {{Mine}}
                let: { lat: duration }
                emit:
                  - counter: { name: t.calls, attributes: { t.nr: start.args.id, t.result: end.args.ret, t.name: comm } }
                  - histogram: { name: t.latency0, unit: s, value: lat, scale: 0 }
                  - histogram: { name: t.latency2, unit: s, value: lat, scale: 2, attributes: { t.name: comm } }
                  - histogram: { name: t.latency4, unit: s, value: lat, scale: 4 }
                  - span: { name: "getpgid {t.nr}", when: lat > 1ns, rate: 50/s, attributes: { t.nr: start.args.id } }
                  - log: { event: t.slow, body: "{t.nr} by {t.who}", rate: 5/s, attributes: { t.nr: start.args.id, t.who: comm } }
            """.Replace("PID", Pid, StringComparison.Ordinal), 1)),
        new("probe.text", run => Count(run, Single(
            "tp_btf:sys_enter",
            $"{Mine} && args.id == 121 && (contains(comm, \"der\") || endswith(comm, \"cases\")) && startswith(comm, \"load\") && comm != \"nginx\"",
            "          - counter: { name: t.calls, attributes: { t.comm: comm, t.parent: \"str(curtask.real_parent.comm, 16)\" } }\n"), 1)),
        new("probe.followed_pointers", run => Count(run, Single(
            "tp_btf:sched_switch", "args.prev.tgid == PID || args.next.tgid == PID || args.prev.mm == 0 || prev_leader > 0",
            """
                  - counter: { name: t.calls, attributes: { t.prev: args.prev.group_leader.pid, t.next: args.next.real_parent.group_leader.pid } }
                  - log: { event: t.switch, body: "{t.comm}", rate: 10/s, attributes: { t.comm: args.next.comm } }
            """).Replace(" || prev_leader > 0", "", StringComparison.Ordinal), 0)),
        new("probe.expressions", run => Count(run, Single("tp_btf:sys_enter", $"{Mine} && args.id == 121", """
                  - counter: { name: t.calls, attributes: { t.a: args.id * 3 / 7 % 5, t.b: args.id >> 2 & 3, t.c: "args.id > 100 ? 1 : 2", t.d: log2(args.id) } }
                  - sum: { name: t.sum, value: "max(min(args.id, 50), 7) + (0 - args.id) / 3" }
            """), 1)),
    ];

    private static string Pid => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private static string Single(string hook, string where, string emit) => $"""
        version: 1
        probes:
          - name: single
            on: ["{hook}"]
            where: '{where}'
            emit:
        {emit}
        """.Replace("PID", Pid, StringComparison.Ordinal);

    private static void Count(CaseRun run, string yaml, int countPerHit)
    {
        var compiled = Compile(yaml);
        run.Fact("instructions", compiled.Programs.Max(static p => p.Cost.WorstCaseInstructions));
        using var bpf = BpfObject.Create(compiled.Object, new() { KernelTypes = CaseRun.KernelTypes });
        var links = new List<BpfLink>();
        try
        {
            // Every alternative is to be taken by the verifier; the first of each hook is attached, ends before starts.
            var verified = 0L;
            foreach (var program in compiled.Object.Programs)
                verified = Math.Max(verified, bpf.Load(program.Name).Info().VerifiedInstructions);
            run.Fact("verified", verified);
            foreach (var hook in compiled.Probe.Hooks.Reverse())
            {
                foreach (var program in compiled.Object.Programs.Where(p => p.Name.StartsWith($"{hook.Name}__{hook.Alternatives[0].Name}", StringComparison.Ordinal)))
                    links.Add(bpf.Load(program.Name).Attach());
            }
            CaseRun.Trigger(Hits);
        }
        finally
        {
            links.ForEach(static l => l.Dispose());
        }
        CaseRun.Equal("", bpf.TypesProblem ?? "", "the object's types");
        if (countPerHit > 0)
            CaseRun.Equal(countPerHit * Hits, Counted(bpf, compiled), "t.calls");
    }

    private static CompiledProbe Compile(string yaml)
    {
        try
        {
            var file = ProbeFile.Parse(yaml, "cases.yaml");
            var binding = ProbeBinder.Bind(file.Probes[0], new RunningMachine(CaseRun.KernelTypes));
            return binding.Probe is null
                ? throw new BpfException(binding.MissingReason)
                : ProbeCompiler.Compile(binding.Probe, new() { KernelTypes = CaseRun.KernelTypes });
        }
        catch (ProbeLanguageException e)
        {
            throw new CaseFailedException(e.Message);
        }
    }

    /// <summary>Sum of the first counter over its series and all CPUs.</summary>
    private static long Counted(BpfObject bpf, CompiledProbe compiled)
    {
        var series = compiled.Series[0];
        var map = bpf.Map(series.MapName);
        var snapshot = new MapSnapshot();
        long sum = 0;
        for (var i = snapshot.Refresh(map) - 1; i >= 0; i--)
        {
            for (var cpu = 0; cpu < snapshot.CpuCount; cpu++)
                sum += BitConverter.ToInt64(snapshot.Value(i, cpu)[series.Value.SumOffset..]);
        }
        return sum;
    }
}

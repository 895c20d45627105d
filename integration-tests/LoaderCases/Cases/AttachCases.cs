using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Each way to attach (Objects/attach.bpf.c): every call is seen while it is attached, and none after.</summary>
internal static class AttachCases
{
    private const int Calls = 123;

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("attach.raw_tp", run => OfTheKernel(run, "on_raw_tp")),
        new("attach.tp_btf", run => OfTheKernel(run, "on_tp_btf")),
        new("attach.tracepoint", run => OfTheKernel(run, "on_tracepoint")),
        new("attach.tracepoint_syscall", run => OfTheKernel(run, "on_syscall_exit")),
        new("attach.kprobe", run => OfTheKernel(run, "on_kprobe")),
        new("attach.kretprobe", run => OfTheKernel(run, "on_kretprobe")),
        new("attach.fentry", run => OfTheKernel(run, "on_fentry")),
        new("attach.fexit", run => OfTheKernel(run, "on_fexit")),
        new("attach.uprobe", run => OfAProcess(run, "on_uprobe", false, onlyIt: true)),
        new("attach.uretprobe", run => OfAProcess(run, "on_uretprobe", true, onlyIt: true)),
        new("attach.uprobe_of_all", run => OfAProcess(run, "on_uprobe", false, onlyIt: false)),
        new("attach.uprobe_of_library", OfALibrary),
        new("attach.uprobe_of_processes_that_take_turns", OfProcessesThatTakeTurns),
        new("attach.clock", Clock),
    ];

    private static CheckedObject Create(uint probed = 0)
    {
        var spec = CaseRun.Spec("attach");
        spec.SetConstant("result", CaseRun.Trigger());
        spec.SetConstant("probed", probed);
        return CaseRun.Create(spec);
    }

    private static void OfTheKernel(CaseRun run, string program)
    {
        using var attach = Create();
        var loaded = attach.Object.Load(program);
        CaseRun.Trigger(10);
        using (var link = loaded.Attach())
        {
            run.Fact("link", link.Description);
            CaseRun.Trigger(Calls);
        }

        CaseRun.Trigger(10);
        attach.Passed(program, Calls);
    }

    private static void OfAProcess(CaseRun run, string program, bool atReturn, bool onlyIt)
    {
        using var probed = new ProbedProcess(run.Probed);
        using var attach = Create((uint)probed.Id);
        var offset = ElfSymbols.Resolve(run.Probed, "probed_function");
        using (var link = attach.Object.Load(program).AttachUprobe(run.Probed, offset, atReturn, onlyIt ? probed.Id : -1))
        {
            run.Fact("link", link.Description);
            probed.Do("call", Calls);
            if (onlyIt)
            {
                using var other = new ProbedProcess(run.Probed);
                other.Do("call", 10);
            }
        }

        probed.Do("call", 10);
        attach.Passed(program, Calls);
    }

    /// <summary>A kernel may go from a uprobe's program to another process and come to the same program there: neither minds.</summary>
    private static void OfProcessesThatTakeTurns(CaseRun run)
    {
        const int Each = 5000;
        using var probed = new ProbedProcess(run.Probed);
        using var attach = Create((uint)probed.Id);
        using (attach.Object.Load("on_turns").AttachUprobe(run.Probed, ElfSymbols.Resolve(run.Probed, "probed_function"), false))
            probed.Do("turns", Each);

        CaseRun.Equal(2 * Each, (int)attach.Verdict.Facts[0], "runs");
        CaseRun.Equal(0, (int)attach.Verdict.Facts[1], "runs whose stack another wrote to");
    }

    private static void OfALibrary(CaseRun run)
    {
        using var probed = new ProbedProcess(run.Probed);
        using var attach = Create((uint)probed.Id);
        using (var link = attach.Object.Load("on_library").Attach())
        {
            run.Fact("link", link.Description);
            probed.Do("libc", Calls);
        }

        probed.Do("libc", 10);
        attach.Passed("on_library", Calls);
    }

    private static void Clock(CaseRun run)
    {
        using var attach = Create();
        using (var link = attach.Object.Load("on_clock").AttachClock(100))
        {
            run.Fact("link", link.Description);
            var end = Environment.TickCount64 + 120_000;
            while (attach.Verdict.Runs < 10 && Environment.TickCount64 < end)
                Thread.SpinWait(1000); // the clock of an idle CPU does not tick
        }

        CaseRun.True(attach.Verdict.Runs >= 10, $"the clock ran {attach.Verdict.Runs} times");
    }
}

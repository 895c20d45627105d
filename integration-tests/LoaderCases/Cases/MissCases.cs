using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Hits that the kernel skips are counted, each once, where the kernel says them (Objects/misses.bpf.c).</summary>
internal static class MissCases
{
    private const int Calls = 100;
    private const string UpdateFunction = "htab_map_update_elem";

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("misses.kprobe", Kprobe),
        new("misses.kprobe_in_kprobe", KprobeInKprobe),
        new("misses.kprobe_multi", KprobeMulti),
        new("misses.fentry", Fentry),
    ];

    /// <summary>The same program at two places: of one it sees every hit, of the other, inside another program, none.</summary>
    private static void Kprobe(CaseRun run)
    {
        using var misses = CaseRun.Create("misses");
        var program = misses.Object.Load("on_kprobe");
        using (var seen = program.AttachKprobe(LinkCases.Getpgid, new KprobeOptions()))
        using (var skipped = program.AttachKprobe(UpdateFunction, new KprobeOptions()))
        using (misses.Object.Load("in_tracepoint").Attach())
        {
            CaseRun.Trigger(Calls);
            foreach (var link in (BpfLink[])[seen, skipped])
                Missed(CaseRun.Release >= 6007 ? 0 : null, link);
        }

        Runs(misses, updates: Calls, runs: Calls);
        Missed(CaseRun.Release switch { >= 6007 => Calls, >= 5012 => 0, _ => null }, program);
        run.Fact("missed", $"{program.Info().RecursionMisses}");
    }

    /// <summary>A kprobe that is hit in the middle of another one is not even taken: its link counts that.</summary>
    private static void KprobeInKprobe(CaseRun run)
    {
        using var misses = CaseRun.Create("misses");
        var program = misses.Object.Load("on_kprobe");
        using (var skipped = program.AttachKprobe(UpdateFunction, new KprobeOptions()))
        using (misses.Object.Load("in_kprobe").Attach())
        {
            CaseRun.Trigger(Calls);
            Missed(CaseRun.Release >= 6007 ? Calls : null, skipped);
        }

        Runs(misses, updates: Calls, runs: 0);
        Missed(CaseRun.Release >= 5012 ? 0 : null, program);
        run.Fact("runs", misses.Verdict.Facts[1]);
    }

    private static void KprobeMulti(CaseRun run)
    {
        using var misses = CaseRun.Create("misses");
        var program = misses.Object.Load("on_kprobe_multi");
        using (var skipped = program.Attach())
        using (misses.Object.Load("in_tracepoint").Attach())
        {
            CaseRun.Trigger(Calls);
            Missed(CaseRun.Release >= 6007 ? 0 : null, skipped);
        }

        Runs(misses, updates: Calls, runs: 0);
        Missed(CaseRun.Release >= 6007 ? Calls : 0, program);
        run.Fact("missed", $"{program.Info().RecursionMisses}");
    }

    /// <summary>Trampolines keep a program from interrupting itself, and count since 5.12; a kernel before that does neither.</summary>
    private static void Fentry(CaseRun run)
    {
        using var misses = CaseRun.Create("misses");
        var program = misses.Object.Load("on_fentry");
        if (CaseRun.Release < 5012)
        {
            Missed(null, program);
            return;
        }

        using (var link = program.Attach())
        {
            var map = misses.Object.Map("updated").As<uint, ulong>();
            for (var i = 0; i < Calls; i++)
                map[1] = 2;
            if (link.IsKernelLink)
                Missed(null, link);
        }

        Runs(misses, updates: Calls, runs: Calls);
        Missed(Calls, program);
        run.Fact("missed", $"{program.Info().RecursionMisses}");
    }

    private static void Runs(CheckedObject misses, ulong updates, ulong runs)
    {
        var verdict = misses.Verdict;
        CaseRun.Equal((updates, runs), (verdict.Facts[0], verdict.Facts[1]), "updates, and runs of what is attached there");
    }

    private static void Missed(long? expected, BpfProgram program) =>
        CaseRun.Equal($"{expected}", $"{program.Info().RecursionMisses}", $"misses of {program}");

    // Perf events are links since 5.15.
    private static void Missed(long? expected, BpfLink link)
    {
        if (link.IsKernelLink)
            CaseRun.Equal($"{expected}", $"{link.Info().Missed}", $"misses of the link {link}");
    }
}

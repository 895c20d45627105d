using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>A CPU is taken away and given back while samples are made (Objects/samples.bpf.c).</summary>
internal static class HotplugCases
{
    private const string Switch = "/sys/devices/system/cpu/cpu1/online";
    private const int Calls = 40;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("samples.hotplug", Hotplug, Alone: true),
    ];

    private static void Hotplug(CaseRun run)
    {
        using var samples = CaseRun.Create("samples");
        var sink = new CountingSink(20);
        using var reader = new SampleReader(samples.Object.Map("samples"), sink, new SampleReaderOptions
        {
            PagesPerCpu = 16,
            DrainInterval = TimeSpan.FromMilliseconds(1),
            CheckInterval = TimeSpan.FromMilliseconds(2),
        });
        reader.Start();
        CaseRun.Equal(2, reader.Cpus, "CPUs that are read at first");
        using (samples.Object.Load("on_trigger").Attach())
        using (var flow = new TriggerFlow())
        {
            CaseRun.Equal(Calls, CallOn(1, samples), "samples of the second CPU at first");
            File.WriteAllText(Switch, "0");
            Wait(() => reader.Cpus == 1, "the CPU that stopped is read");
            CallOn(0, samples);
            File.WriteAllText(Switch, "1");
            Wait(() => reader.Cpus == 2 && CallOn(1, samples) == Calls, "the CPU that started is not read");

            // Away and back again, perhaps between two looks of the reader: its event is over, though the list of CPUs is the same.
            File.WriteAllText(Switch, "0");
            File.WriteAllText(Switch, "1");
            Wait(() => reader.Cpus == 2 && CallOn(1, samples) == Calls, "the CPU that was away for a moment is not read");
            flow.Stop();
            run.Fact("flow", flow.Calls);
            CaseRun.True(flow.Calls > 0, "nothing flowed");
        }

        reader.Stop();
        CaseRun.True(reader.Failure is null, $"the reader failed: {reader.Failure}");
        var (delivered, refused, failed) = Counts(samples);
        run.Fact("delivered", delivered);
        run.Fact("refused", refused + failed);
        CaseRun.Equal(0L, sink.Wrong, "damaged or out of order");
        CaseRun.Equal(delivered, sink.Samples, "samples that were put out, and read");
        CaseRun.True(sink.Lost <= refused, $"{sink.Lost} were told as lost, {refused} were refused");
    }

    /// <summary>Calls on one CPU; gives how many of these samples the reader has a buffer for, the flow's not counted.</summary>
    private static long CallOn(int cpu, CheckedObject samples)
    {
        CaseRun.Equal(0, SystemCall.RunOn(1UL << cpu), $"sched_setaffinity to CPU {cpu}");
        var before = Counts(samples);
        CaseRun.Trigger(Calls);
        var after = Counts(samples);
        CaseRun.Equal(0, SystemCall.RunOn(3), "sched_setaffinity to both CPUs");
        return Calls - Math.Min(Calls, after.Failed - before.Failed);
    }

    private static (long Delivered, long Refused, long Failed) Counts(CheckedObject samples)
    {
        var facts = samples.Verdict.Facts;
        return ((long)facts[0], (long)facts[1], (long)facts[2]);
    }

    private static void Wait(Func<bool> condition, string trouble) => CaseRun.True(SpinWait.SpinUntil(condition, Limit), trouble);
}

using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Readers of buffers (Objects/samples.bpf.c).</summary>
internal static class SampleCases
{
    private static readonly SampleReaderOptions Small = new() { PagesPerCpu = 1, DrainInterval = TimeSpan.FromMilliseconds(1) };

    /// <summary>For machines that are emulated on a busy one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("samples.perf_exact", PerfExact),
        new("samples.perf_loss", PerfLoss),
        new("samples.flight_recorder", FlightRecorder),
        new("samples.ring_exact", RingExact),
        new("samples.ring_loss", RingLoss),
    ];

    /// <summary>Every sample arrives once, whole and in order, also where the buffer wraps, as it does every few samples.</summary>
    private static void PerfExact(CaseRun run)
    {
        foreach (var size in (uint[])[20, 500, 1000])
        {
            using var samples = CaseRun.Create("samples", ("sample_size", size));
            var sink = new CountingSink(size);
            using var reader = new SampleReader(samples.Object.Map("samples"), sink, Small);
            reader.Start();
            using (samples.Object.Load("on_trigger").Attach())
            {
                for (var i = 0; i < 300; i++)
                {
                    CaseRun.Trigger(3); // a page holds three of the largest
                    CaseRun.True(SpinWait.SpinUntil(() => Volatile.Read(ref sink.Settled) == 3 * (i + 1), Limit),
                        $"after {3 * (i + 1)} samples of {size} bytes, {sink.Samples} had come");
                }
            }

            reader.Stop();
            var verdict = samples.Passed("on_trigger", 900);
            CaseRun.Equal((900UL, 0UL, 0UL), (verdict.Facts[0], verdict.Facts[1], verdict.Facts[2]), "put out, refused and failed");
            CaseRun.Equal((900L, 0L, 0L), (sink.Samples, sink.Lost, sink.Wrong), "delivered, lost and wrong");
            run.Fact($"bytes_of_{size}", reader.Statistics.Bytes);
        }
    }

    /// <summary>A reader that is held up loses samples, and each of them is counted.</summary>
    private static void PerfLoss(CaseRun run)
    {
        using var gate = new ManualResetEventSlim();
        using var samples = CaseRun.Create("samples", ("sample_size", 100u));
        var sink = new CountingSink(100) { Sampled = gate.Wait };
        using var reader = new SampleReader(samples.Object.Map("samples"), sink, Small);
        reader.Start();
        using (samples.Object.Load("on_trigger").Attach())
        {
            CaseRun.Trigger(2000);
            gate.Set();
            CaseRun.True(SpinWait.SpinUntil(() => Volatile.Read(ref sink.Settled) > 0, Limit), "no sample came");
            CaseRun.Trigger(5); // with the next that fits, the kernel tells what it lost
        }

        reader.Stop();
        var verdict = samples.Passed("on_trigger", 2005);
        var (delivered, refused, failed) = (verdict.Facts[0], verdict.Facts[1], verdict.Facts[2]);
        run.Fact("delivered", delivered);
        run.Fact("refused", refused);
        run.Fact("told", sink.Lost);
        CaseRun.Equal(0UL, failed, "refused for another reason");
        CaseRun.Equal(2005UL, delivered + refused, "delivered and refused");
        CaseRun.True(refused > 1500, $"only {refused} were refused");
        CaseRun.Equal(((long)delivered, 0L), (sink.Samples, sink.Wrong), "read and wrong");
        CaseRun.True(sink.Lost >= 0 && sink.Lost <= (long)refused, $"{sink.Lost} were told as lost, {refused} were refused");
        CaseRun.Equal(sink.Lost, reader.Statistics.Lost, "lost by the statistics");
    }

    /// <summary>A buffer that is written over holds the newest samples.</summary>
    private static void FlightRecorder(CaseRun run)
    {
        using var samples = CaseRun.Create("samples", ("sample_size", 200u));
        var newest = new NewestSink();
        using var recorder = new FlightRecorder(samples.Object.Map("samples"), pagesPerCpu: 1);
        using (samples.Object.Load("on_trigger").Attach())
            CaseRun.Trigger(500);
        var count = recorder.Snapshot(newest);
        run.Fact("held", count);
        CaseRun.Equal(500UL, samples.Passed("on_trigger", 500).Facts[0], "put out");
        CaseRun.True(count is >= 10 and < 500, $"{count} samples are held");
        // Numbered by CPU from 1 on: the newest of all CPUs are the numbers of samples put out.
        CaseRun.Equal(500UL, newest.SumOfNewest, "newest samples of all CPUs");
    }

    /// <summary>What is put out and submitted arrives in order, what is thrown away does not; the buffer wraps many times.</summary>
    private static void RingExact(CaseRun run)
    {
        using var ring = CaseRun.Create("ring");
        var sink = new CountingSink(20) { Longest = 24 };
        using var reader = new SampleReader(ring.Object.Map("ring"), sink, Small);
        reader.Start();
        using (ring.Object.Load("on_trigger").Attach())
        {
            for (var i = 1; i <= 500; i++)
            {
                CaseRun.Trigger(5);
                // Four of five: every fifth is thrown away.
                CaseRun.True(SpinWait.SpinUntil(() => Volatile.Read(ref sink.Settled) == 4 * i, Limit),
                    $"after {5 * i} triggers, {sink.Samples} samples had come");
            }
        }

        reader.Stop();
        var verdict = ring.Passed("on_trigger", 2500);
        CaseRun.Equal((2000UL, 0UL, 500UL), (verdict.Facts[0], verdict.Facts[1], verdict.Facts[2]), "put out, lost and thrown away");
        CaseRun.Equal((2000L, 0L, 0L), (sink.Samples, sink.Lost, sink.Wrong), "delivered, lost and wrong");
        run.Fact("bytes", reader.Statistics.Bytes);
    }

    /// <summary>A reader that is held up loses samples, which the program counts and the reader tells.</summary>
    private static void RingLoss(CaseRun run)
    {
        using var gate = new ManualResetEventSlim();
        using var ring = CaseRun.Create("ring");
        var sink = new CountingSink(20) { Longest = 24, Sampled = gate.Wait };
        using var reader = new SampleReader(Small);
        reader.Add(ring.Object.Map("ring"), sink, ring.Object.Map("losses"));
        reader.Start();
        using (ring.Object.Load("on_trigger").Attach())
        {
            CaseRun.Trigger(2000);
            gate.Set();
        }

        reader.Stop();
        var verdict = ring.Passed("on_trigger", 2000);
        var (produced, lost, discarded) = (verdict.Facts[0], verdict.Facts[1], verdict.Facts[2]);
        run.Fact("delivered", produced);
        run.Fact("lost", lost);
        CaseRun.Equal(2000UL, produced + lost + discarded, "put out, lost and thrown away");
        CaseRun.True(lost > 1500, $"only {lost} were lost");
        CaseRun.Equal(((long)produced, (long)lost, 0L), (sink.Samples, sink.Lost, sink.Wrong), "delivered, told as lost, and wrong");
        CaseRun.Equal((long)lost, reader.Statistics.Lost, "lost by the statistics");
    }
}

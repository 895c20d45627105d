using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using Tmds.Linux;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>
/// Our reader of perf buffers and ring buffers against libbpf's in C. Both read the samples of one BPF program, in buffers of one size, and
/// do the same with them; they take turns within one run, and the medians are compared.
/// </summary>
internal static class ReaderBenchmark
{
    private const int SamplesPerCall = 8;
    private const int Openings = 6;
    private const int Rounds = 40;
    private const int WarmUpRounds = 20;
    private const int PollRounds = 5;
    private const int PollMilliseconds = 500;
    private static readonly int[] Sizes = [16, 96, 256, 1024];
    private static readonly int GetpgidNumber = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 155 : 121;

    public static int Run(string directory, string[] words)
    {
        var producer = Peers.CompileBpf("producer.bpf", directory);
        var peer = Peers.CompileLibbpf("libbpf-reader", directory);
        foreach (var ring in (bool[])[false, true])
        {
            if (words is [_, "perf", ..] && ring || words is [_, "ring", ..] && !ring)
                continue;
            foreach (var size in Sizes)
                Consume(producer, peer, new ReaderCase(ring, size, 0));
            foreach (var wake in (int[])[1, 500])
            {
                foreach (var size in Sizes)
                    Poll(producer, peer, new ReaderCase(ring, size, wake));
            }
        }

        return 0;
    }

    /// <summary>A buffer that is full by 80 % is read in one pass: what a sample costs, without wake-ups.</summary>
    private static void Consume(string producer, string peer, ReaderCase run)
    {
        var calls = (int)(0.8 * ReaderCase.Pages * Environment.SystemPageSize / run.RecordBytes / SamplesPerCall);
        calls = Math.Min(calls, 4000);
        var samples = calls * SamplesPerCall;
        var theirs = new List<double>();
        var ours = new List<double>();
        long allocated = 0;
        // Where the pages of a buffer lie in memory makes a difference: several of each, made in turns.
        for (var opening = 0; opening < Openings; opening++)
        {
            using var early = opening % 2 == 0 ? new LibbpfPeer(peer, producer, run) : null;
            using var bpf = run.Producer(producer, Environment.ProcessId);
            using var ring = Open(bpf, run);
            using var libbpf = early ?? new LibbpfPeer(peer, producer, run);
            using var link = bpf.Load("produce").Attach();
            var sink = new CountingSink();
            var target = new SampleTarget(sink);
            ThreadClock.Pin(0);
            for (var round = -WarmUpRounds; round < Rounds; round++)
            {
                var (events, nanoseconds, _) = libbpf.Run("consume", calls);
                Check(events);
                for (var i = 0; i < calls; i++)
                    LibC.syscall(GetpgidNumber, 0x5a17);
                sink.Events = 0;
                var before = GC.GetAllocatedBytesForCurrentThread();
                var start = Stopwatch.GetTimestamp();
                ring.Drain(target, int.MaxValue);
                var elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
                Check(sink.Events);
                if (round < 0)
                    continue;
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                theirs.Add((double)nanoseconds / samples);
                ours.Add(elapsed / samples);
            }
        }

        var (c, cs) = (Peers.Median(theirs), Peers.Median(ours));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{run.Kind} {run.Size,4} B consume          libbpf {c,6:F2} ns/sample   ours {cs,6:F2} ns/sample   {c / cs:F2}x of its rate"
                + $"   {allocated} B allocated"));

        void Check(long events)
        {
            if (events != samples)
                throw new InvalidOperationException($"{events} of {samples} samples arrived.");
        }
    }

    private static SampleRing Open(BpfObject bpf, ReaderCase run)
    {
        if (run.IsRing)
            return RingBuffer.Open(bpf.Map("ring"));
        var ring = PerfRing.Open(0, new SampleReaderOptions { PagesPerCpu = ReaderCase.Pages }, PerfRing.RoomForWrapped())!;
        using var lease = ring.Descriptor.Lease();
        bpf.Map("samples").Update(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[0]), MemoryMarshal.AsBytes((ReadOnlySpan<int>)[lease.Fd]));
        return ring;
    }

    /// <summary>A producer at full speed on one CPU, the reader on another: samples a second, loss, and CPU of the reader.</summary>
    private static void Poll(string producer, string peer, ReaderCase run)
    {
        var theirs = new List<(double Rate, double Cpu, double Lost)>();
        var ours = new List<(double Rate, double Cpu, double Lost)>();
        long allocated = 0;
        using var libbpf = new LibbpfPeer(peer, producer, run);
        using var source = new LibbpfPeer(peer, "-", run);
        using var bpf = run.Producer(producer, source.Id);
        var sink = new CountingSink();
        using var reader = new SampleReader(bpf.Map(run.IsRing ? "ring" : "samples"), sink, new SampleReaderOptions
        {
            PagesPerCpu = ReaderCase.Pages,
            WakeupSamples = run.WakeEvery,
            DrainInterval = TimeSpan.FromMilliseconds(10),
        });
        ThreadClock.Pin(1); // inherited by the reader's thread
        reader.Start();
        using var link = bpf.Load("produce").Attach();
        for (var round = -1; round < PollRounds; round++)
        {
            var (produced, events, cpu) = libbpf.Run("poll", PollMilliseconds);
            var before = Read();
            source.Run("produce", PollMilliseconds);
            Thread.Sleep(50); // several intervals: what is left was read
            var after = Read();
            if (round < 0)
                continue;
            theirs.Add(Result(produced, events, cpu));
            ours.Add(Result(after.Produced - before.Produced, after.Events - before.Events, after.Cpu - before.Cpu));
            allocated += after.Allocated - before.Allocated;
        }

        var rate = (Theirs: Peers.Median(theirs.Select(r => r.Rate)), Ours: Peers.Median(ours.Select(r => r.Rate)));
        var time = (Theirs: Peers.Median(theirs.Select(r => r.Cpu)), Ours: Peers.Median(ours.Select(r => r.Cpu)));
        var lost = (Theirs: Peers.Median(theirs.Select(r => r.Lost)), Ours: Peers.Median(ours.Select(r => r.Lost)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{run.Kind} {run.Size,4} B wake every {run.WakeEvery,3}   libbpf {rate.Theirs / 1e6,6:F2} M/s {time.Theirs,6:F1} ns CPU "
                + $"{lost.Theirs,5:P1} lost   ours {rate.Ours / 1e6,6:F2} M/s {time.Ours,6:F1} ns CPU {lost.Ours,5:P1} lost   "
                + $"{rate.Ours / rate.Theirs:F2}x of its rate, {time.Theirs / time.Ours:F2}x of its samples per CPU second   "
                + $"{allocated} B allocated"));

        (long Produced, long Events, long Cpu, long Allocated) Read()
            => (bpf.Map(".bss").As<uint, (long Produced, long Refused)>()[0].Produced, Volatile.Read(ref sink.Events),
                sink.Thread == 0 ? 0 : ThreadClock.Nanoseconds(sink.Thread), Volatile.Read(ref sink.AllocatedBytes));

        static (double, double, double) Result(long produced, long events, long cpu)
            => (events * 1000.0 / PollMilliseconds, (double)cpu / events, (double)(produced - events) / produced);
    }
}

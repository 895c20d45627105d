using System.Diagnostics;
using System.Globalization;

namespace EbpfReceiver.Benchmarks.Footprint;

/// <summary>
/// What the published binary costs: its size, how long it takes until its probes run, and the memory and CPU it takes idle, under
/// 10,000 events a second, and after a burst of short processes. It fails where the binary is too large: that does not depend on the
/// machine. Peer, in the same run: bpftrace with one probe, what a person would start instead.
/// </summary>
internal static class FootprintBenchmark
{
    private const int Starts = 11;
    private const double BinaryMebibytes = 20;
    private const int ShortProcesses = 20_000;

    // By group, with process of those in C alone; how many there are depends on the kernel, and is reported.
    private const string FiftyProbes = """
        probes:
          include: [process]
          catalogue:
            include: [block, file, lock, network, sched, tcp]
            exclude: [vfs_operations, kernel_lock_contention, page_faults, md_flush]
        """;
    private const int EventsPerSecond = 10_000;
    private static readonly TimeSpan AfterBurst = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LoadTime = TimeSpan.FromSeconds(15);

    /// <summary>Two seconds after its start the receiver gives back what only the start needed.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    public static int Run(string binary)
    {
        if (!File.Exists(binary))
        {
            Console.Error.WriteLine($"{binary} is not there: run ./run.sh build first");
            return 1;
        }

        var size = new FileInfo(binary).Length / (double)(1 << 20);
        Report("binary size", size, "MiB", BinaryMebibytes);
        ReportStarts("default probes", binary, "", 150);
        ReportStarts("probes of the catalogue", binary, FiftyProbes, 300);
        if (BpftraceStart() is { } peer)
            Report("  peer: bpftrace with one tracepoint", peer, "ms", null);

        using var receiver = ReceiverProcess.Start(binary);
        receiver.WaitUntilStarted();
        Report("resident memory, at the end of the start", receiver.ResidentMegabytes, "MB", null);
        Thread.Sleep(Settling);
        Report("resident memory, idle", receiver.ResidentMegabytes, "MB", 35);

        var before = receiver.CpuTime;
        var events = ConnectionLoad.Run(EventsPerSecond, LoadTime);
        var cpu = receiver.CpuTime - before;
        var rate = events / LoadTime.TotalSeconds;
        Report("events sampled under load", rate, "/s", null);
        Report("resident memory under load", receiver.ResidentMegabytes, "MB", 35);
        Report("CPU under load, user space", cpu.TotalSeconds / LoadTime.TotalSeconds * 100, "% of a core", null);
        Report("CPU per million events, written as JSON", cpu.TotalSeconds / events * 1e6, "s", null);

        for (var i = 0; i < ShortProcesses; i++)
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/true"))!;
            process.WaitForExit();
        }

        Report($"resident memory, after {ShortProcesses} short processes", receiver.ResidentMegabytes, "MB", null);
        Thread.Sleep(AfterBurst);
        Report($"  {AfterBurst.TotalSeconds} s later", receiver.ResidentMegabytes, "MB", null);
        if (size <= BinaryMebibytes)
            return 0;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the binary has {size:0.00} MiB, and may have {BinaryMebibytes}"));
        return 1;
    }

    private static void ReportStarts(string what, string binary, string probes, double budget)
    {
        var starts = new List<ReceiverStart>();
        for (var i = 0; i < Starts; i++)
        {
            using var receiver = ReceiverProcess.Start(binary, probes);
            starts.Add(receiver.WaitUntilStarted());
        }

        Report($"start of {starts[0].Probes} {what}, median", Middle(starts.Select(s => s.Wall.TotalMilliseconds)), "ms", budget);
        Report("  the shortest", starts.Min(s => s.Wall.TotalMilliseconds), "ms", null);
        Report("  CPU time of it, user and system, median", Middle(starts.Select(s => s.Cpu.TotalMilliseconds)), "ms", null);
    }

    private static double? BpftraceStart()
    {
        try
        {
            return Median(() =>
            {
                var clock = Stopwatch.StartNew();
                using var process = Process.Start(new ProcessStartInfo("bpftrace",
                    ["-e", "BEGIN { printf(\"ready\\n\"); } tracepoint:sched:sched_switch { @ = count(); }"])
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
                while (process.StandardOutput.ReadLine() is { } line && line != "ready")
                {
                }

                var elapsed = clock.Elapsed.TotalMilliseconds;
                process.Kill();
                process.WaitForExit();
                return elapsed;
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Console.WriteLine("  peer: bpftrace is not installed");
            return null;
        }
    }

    private static double Median(Func<double> measure) => Middle(Enumerable.Range(0, Starts).Select(_ => measure()));

    private static double Middle(IEnumerable<double> values) => values.Order().ElementAt(Starts / 2);

    private static void Report(string what, double value, string unit, double? budget) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what,-45} {value,10:0.0} {unit}{(budget is { } limit ? $"   (budget {limit:0})" : "")}"));
}

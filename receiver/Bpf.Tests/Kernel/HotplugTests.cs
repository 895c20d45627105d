using Tmds.Linux;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>CPUs that come and go, told to the reader by a file that stands for the kernel's list.</summary>
[Collection(KernelCollection.Name)]
public sealed class HotplugTests
{
    private const int PerfDisable = 0x2401; // PERF_EVENT_IOC_DISABLE

    [Fact]
    public void A_cpu_that_starts_gets_its_buffer_and_the_rest_of_one_that_stops_is_read()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        Assert.SkipUnless(CpuList.Online() is [0, 1, ..], "Needs two CPUs.");
        var list = Path.GetTempFileName();
        try
        {
            List(list, "0  \n");
            var sink = new RecordingSink(20);
            using var samples = Object();
            using var reader = new SampleReader(samples.Map("samples"), sink, new SampleReaderOptions
            {
                OnlineCpusPath = list,
                CheckInterval = TimeSpan.FromMilliseconds(2),
                DrainInterval = TimeSpan.FromMinutes(1),
            });
            reader.Start();
            using var link = samples.Load("on_getpgid").Attach();
            using var pinned = CpuPin.To(1);
            Getpgid.Sample(5);
            Assert.Equal((1, new Variables(5, 0, 5)), (reader.Cpus, Read(samples)));

            List(list, "0-1\n");
            Eventually.Holds(() => reader.Cpus == 2);
            Getpgid.Sample(7);
            Assert.Equal((0, new Variables(12, 0, 5)), (Volatile.Read(ref sink.Samples), Read(samples))); // far from the watermark

            List(list, "0  \n");
            Eventually.Holds(() => reader.Cpus == 1);
            Eventually.Holds(() => Volatile.Read(ref sink.Samples) == 7);
            Getpgid.Sample(3);
            Assert.Equal(new Variables(15, 0, 8), Read(samples));
            Assert.Equal(7, reader.Statistics.Samples); // of a buffer that is closed

            List(list, "0-1\n");
            Eventually.Holds(() => reader.Cpus == 2);
            Getpgid.Sample(2);
            reader.Stop();
            Assert.Null(reader.Failure);
            Assert.Equal((9, 0, 0), (sink.Samples, sink.Malformed, sink.Lost));
            Assert.Equal(new Variables(17, 0, 8), Read(samples));
        }
        finally
        {
            File.Delete(list);
        }
    }

    [Fact]
    public void An_event_that_ended_though_its_cpu_is_there_is_opened_again()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var gate = new ManualResetEventSlim();
        var sink = new RecordingSink(20) { Sampled = gate.Wait };
        using var samples = Object();
        using var reader = new SampleReader(samples.Map("samples"), sink, new SampleReaderOptions
        {
            CheckInterval = TimeSpan.FromMilliseconds(5),
            DrainInterval = TimeSpan.FromMilliseconds(5),
        });
        reader.Start();
        using var link = samples.Load("on_getpgid").Attach();
        var (cpus, events) = (CpuList.Online(), PerfEvents());
        Assert.Equal(cpus.Length, events.Count);
        // The reader is held meanwhile: it would open again what is closed here before it is seen to be.
        Getpgid.Sample(1);
        Eventually.Holds(() => Volatile.Read(ref sink.Samples) == 1);
        foreach (var fd in events)
            Assert.Equal(0, LibC.ioctl(fd, PerfDisable, 0)); // what a CPU that stops does to them
        Getpgid.Sample(1);
        Assert.Equal(new Variables(2, 0, 1), Read(samples));
        gate.Set();
        foreach (var cpu in cpus)
        {
            using var pinned = CpuPin.To(cpu);
            Eventually.Holds(() =>
            {
                var before = Read(samples).Failed;
                Getpgid.Sample(1);
                return Read(samples).Failed == before;
            });
        }

        Eventually.Holds(() => reader.Cpus == cpus.Length);
        reader.Stop();
        Assert.Null(reader.Failure);
        var variables = Read(samples);
        Assert.Equal((long)variables.Produced, sink.Samples + (long)variables.Failed);
    }

    [Fact]
    public void A_quiet_event_is_told_from_one_that_ended()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var ring = PerfRing.Open(0, new SampleReaderOptions { PagesPerCpu = 1 }, PerfRing.RoomForWrapped())!;
        for (var i = 0; i < 20; i++)
        {
            Assert.True(ring.IsRunning());
            Thread.Sleep(1);
        }

        using var lease = ring.Descriptor.Lease();
        Assert.Equal(0, LibC.ioctl(lease.Fd, PerfDisable, 0));
        ring.IsRunning(); // up to the moment it ended
        Assert.False(ring.IsRunning());
    }

    [Fact]
    public void Looking_for_cpus_allocates_nothing_while_they_stay_the_same()
    {
        using var cpus = new OnlineCpus();
        Assert.True(cpus.HasChanged(out var online));
        Assert.Equal(CpuList.Online(), online);
        Assert.False(cpus.HasChanged(out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            cpus.HasChanged(out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>In one write, as the kernel shows it: never empty in between.</summary>
    private static void List(string path, string text)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, System.Text.Encoding.ASCII.GetBytes(text), 0);
    }

    private static List<int> PerfEvents()
    {
        var found = new List<int>();
        foreach (var path in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (IsPerfEvent(path))
                found.Add(int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture));
        }

        return found;
    }

    private static bool IsPerfEvent(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name.Contains("perf_event", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false; // other threads of the runtime open and close files meanwhile
        }
    }

    private static BpfObject Object() => KernelAccess.Create("samples", ("target", (uint)Environment.ProcessId), ("sample_size", 20u));

    private static Variables Read(BpfObject samples) => samples.Map(".bss").As<uint, Variables>()[0];

    private readonly record struct Variables(ulong Produced, ulong Refused, ulong Failed);
}

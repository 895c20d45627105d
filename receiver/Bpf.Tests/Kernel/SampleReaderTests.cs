using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class SampleReaderTests
{
    /// <summary>So long that nothing that is done in time may have waited for it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    private static readonly SampleReaderOptions Small = new() { PagesPerCpu = 1, DrainInterval = TimeSpan.FromMilliseconds(1) };
    private static readonly SampleReaderOptions Rarely = new() { DrainInterval = TimeSpan.FromMinutes(10), CheckInterval = TimeSpan.FromMinutes(10) };

    [Theory]
    [InlineData(20)] // padded
    [InlineData(17)]
    [InlineData(200)]
    [InlineData(500)]
    public void Every_sample_arrives_whole_and_in_order_also_where_the_buffer_wraps(int size)
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var sink = new RecordingSink(size);
        using var samples = Object(size);
        using var reader = new SampleReader(samples.Map("samples"), sink, Small with { ThreadName = "test-samples" });
        reader.Start();
        Assert.Equal(CpuList.Online().Length, reader.Cpus);
        using (samples.Load("on_getpgid").Attach())
        {
            for (var i = 0; i < 1000; i++)
            {
                Getpgid.Sample(3);
                // A page holds 7 of the largest samples.
                Eventually.Holds(() => Volatile.Read(ref sink.Settled) == 3 * (i + 1));
            }
        }

        reader.Stop();
        Assert.Null(reader.Failure);
        Assert.Equal((3000, 0, 0, 0), (sink.Samples, sink.Lost, sink.Malformed, sink.OutOfOrder));
        Assert.NotEqual(Environment.CurrentManagedThreadId, sink.ThreadId);
        Assert.Equal((3000UL, 0UL, 0UL), (Variable(samples, 0), Variable(samples, 1), Variable(samples, 2)));
        Assert.Equal(3000, reader.Statistics.Samples);
        Assert.Equal(0, reader.Statistics.Lost);
        Assert.InRange(reader.Statistics.Bytes, 3000 * size, 3000 * (size + 7));
    }

    [Fact]
    public void Whoever_stops_a_reader_second_waits_for_its_end_as_well()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var gate = new ManualResetEventSlim();
        var sink = new RecordingSink(20) { Sampled = gate.Wait };
        using var samples = Object(20);
        using var reader = new SampleReader(samples.Map("samples"), sink, Small);
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
            Getpgid.Sample(1);
        Eventually.Holds(() => Volatile.Read(ref sink.Samples) == 1); // it is held there
        var first = reader.StopAsync();
        var (opened, seen) = (false, false);
        var second = new Thread(() =>
        {
            reader.Stop();
            seen = Volatile.Read(ref opened);
        });
        second.Start();
        // It waits, or it has come back too early.
        Eventually.Holds(() => (second.ThreadState & (System.Threading.ThreadState.WaitSleepJoin | System.Threading.ThreadState.Stopped)) != 0);
        Volatile.Write(ref opened, true);
        gate.Set();
        second.Join();
        Assert.True(seen);
        Eventually.Holds(() => first.IsCompletedSuccessfully);
        Assert.Null(reader.Failure);
    }

    [Fact]
    public void What_an_overflow_drops_is_counted_so_that_produced_is_delivered_plus_refused()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var gate = new ManualResetEventSlim();
        var sink = new RecordingSink(100) { Sampled = gate.Wait };
        using var samples = Object(100);
        using var reader = new SampleReader(samples.Map("samples"), sink, Small);
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
        using (CpuPin.To(CpuList.Online()[0]))
        {
            Getpgid.Sample(5000); // the reader is held at the first: a page takes 36 of them
            gate.Set();
            Eventually.Holds(() => Volatile.Read(ref sink.Settled) > 0);
            // The kernel tells of a loss with the next sample that fits.
            Getpgid.Sample(1);
            Eventually.Holds(() => Volatile.Read(ref sink.Lost) > 0);
        }

        reader.Stop();
        var (produced, refused, failed) = (Variable(samples, 0), Variable(samples, 1), Variable(samples, 2));
        Assert.Equal(5001UL, produced);
        Assert.Equal(0UL, failed);
        Assert.InRange(refused, 4900UL, 4999UL);
        Assert.Equal((long)produced, sink.Samples + (long)refused);
        Assert.Equal(0, sink.Malformed);
        // The CPU has had a sample that fitted since: the kernel has told of all.
        Assert.Equal(((long)refused, (long)refused), (sink.Lost, reader.Statistics.Lost));
    }

    [Fact]
    public void Stopping_delivers_what_is_left_and_is_prompt()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var before = Descriptors.Census();
        var sink = new RecordingSink(20);
        using (var samples = Object(20))
        using (var reader = new SampleReader(samples.Map("samples"), sink, new SampleReaderOptions { DrainInterval = Interval }))
        {
            reader.Start();
            using (samples.Load("on_getpgid").Attach())
            {
                Getpgid.Sample(500); // 20 KB: under the watermark, so nobody was woken
                Assert.Equal(0, Volatile.Read(ref sink.Samples));
                var clock = Stopwatch.StartNew();
                reader.Stop();
                Assert.InRange(clock.Elapsed, TimeSpan.Zero, Interval / 2); // it is not waited for
                Assert.Equal(500, sink.Samples);
                // From now on samples fail in the program, and are counted there.
                Getpgid.Sample(10);
            }

            Assert.Equal((510UL, 0UL, 10UL), (Variable(samples, 0), Variable(samples, 1), Variable(samples, 2)));
            Assert.Throws<InvalidOperationException>(reader.Start);
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Fact]
    public void Whoever_waits_for_a_pass_finds_all_samples_from_before_handed_out()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        SampleReader? asked = null;
        Exception? refused = null;
        var sink = new RecordingSink(20) { Sampled = () => refused ??= Record.Exception(() => asked!.WaitForPass(TimeSpan.Zero)) };
        using var samples = Object(20);
        using var reader = asked = new SampleReader(
            samples.Map("samples"), sink, Rarely with { MaxSamplesPerPass = 7 });
        Assert.False(reader.WaitForPass(TimeSpan.FromMinutes(1)));
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
        {
            for (var round = 1; round <= 100; round++)
            {
                Getpgid.Sample(20); // under the watermark, and more than a pass takes
                Assert.True(reader.WaitForPass(TimeSpan.FromMinutes(1)));
                Assert.Equal(20 * round, Volatile.Read(ref sink.Samples));
            }

            // Nothing is left that would wake it again and again.
            var wakeups = reader.Statistics.Wakeups;
            Assert.True(reader.WaitForPass(TimeSpan.FromMinutes(1)));
            Assert.InRange(reader.Statistics.Wakeups, wakeups, wakeups + 20);
            Getpgid.Sample(3);
        }

        Assert.IsType<InvalidOperationException>(refused);
        reader.Stop();
        Assert.Equal(2003, sink.Samples);
        Assert.True(reader.WaitForPass(TimeSpan.Zero));
    }

    [Fact]
    public async Task Waiting_for_a_pass_of_a_reader_that_is_held_or_has_failed_ends_without_one()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var held = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var sink = new RecordingSink(20)
        {
            Sampled = () =>
            {
                held.Set();
                gate.Wait();
                throw new InvalidDataException("not a sample");
            },
        };
        using var samples = Object(20);
        using var reader = new SampleReader(samples.Map("samples"), sink, Small);
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
            Getpgid.Sample(1);
        Assert.True(held.Wait(60_000, TestContext.Current.CancellationToken));
        Assert.False(reader.WaitForPass(TimeSpan.FromMilliseconds(1)));
        var waits = Task.Run(() => reader.WaitForPass(TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
        gate.Set();
        Assert.False(await waits);
        reader.Stop();
    }

    [Fact]
    public void Stopping_under_load_is_prompt_and_loses_nothing_uncounted()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var sink = new RecordingSink(20);
        using var samples = Object(20);
        using var reader = new SampleReader(samples.Map("samples"), sink, new SampleReaderOptions { DrainInterval = Interval });
        using var stop = new CancellationTokenSource();
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
        {
            var producer = new Thread(() =>
            {
                while (!stop.IsCancellationRequested)
                    Getpgid.Sample(100);
            });
            producer.Start();
            Eventually.Holds(() => Volatile.Read(ref sink.Samples) > 10_000);
            var clock = Stopwatch.StartNew();
            reader.Stop();
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, Interval / 2); // neither for that nor for the producer, who goes on
            stop.Cancel();
            producer.Join();
        }

        Assert.Equal(Variable(samples, 0), (ulong)sink.Samples + Variable(samples, 1) + Variable(samples, 2));
        Assert.Equal((0, 0), (sink.Malformed, sink.OutOfOrder));
    }

    [Fact]
    public void The_kernel_wakes_the_reader_by_samples_or_by_bytes()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        foreach (var options in (SampleReaderOptions[])[new() { WakeupSamples = 10 }, new() { WatermarkBytes = 400 }])
        {
            var sink = new RecordingSink(20);
            using var samples = Object(20);
            using var reader = new SampleReader(samples.Map("samples"), sink, options with { DrainInterval = TimeSpan.FromHours(1) });
            reader.Start();
            using (samples.Load("on_getpgid").Attach())
            using (CpuPin.To(CpuList.Online()[0]))
            {
                Getpgid.Sample(20); // 640 bytes
                Eventually.Holds(() => Volatile.Read(ref sink.Samples) >= 10);
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_sample()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var sink = new RecordingSink(200);
        using var samples = Object(200);
        using var reader = new SampleReader(samples.Map("samples"), sink, Small with { PagesPerCpu = 16 });
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
        {
            Read(2000); // buffers for what wraps are made the first time
            var before = Volatile.Read(ref sink.Allocated);
            Read(20_000);
            Assert.Equal(before, Volatile.Read(ref sink.Allocated));
        }

        void Read(int count)
        {
            var end = Volatile.Read(ref sink.Samples) + count;
            for (var i = 0; i < count; i += 100)
            {
                Getpgid.Sample(100);
                var expected = end - count + i + 100;
                while (Volatile.Read(ref sink.Samples) < expected)
                    Thread.Yield();
            }

            var drained = sink.Drained;
            while (Volatile.Read(ref sink.Drained) < drained + 2)
                Thread.Yield();
        }
    }

    [Fact]
    public void An_exception_of_the_sink_stops_the_reader_and_is_told()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var sink = new RecordingSink(20) { Sampled = () => throw new InvalidDataException("not a sample") };
        using var samples = Object(20);
        using var reader = new SampleReader(samples.Map("samples"), sink, Small);
        using var failed = new ManualResetEventSlim();
        Exception? told = null;
        reader.Failed += e =>
        {
            told = e;
            failed.Set();
        };
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
        {
            Getpgid.Sample(1);
            Assert.True(failed.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
            Getpgid.Sample(7);
        }

        Assert.IsType<InvalidDataException>(told);
        Assert.Same(told, reader.Failure);
        Assert.Equal(1, sink.Samples);
        Assert.Equal(7UL, Variable(samples, 2));
        reader.Stop();
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        KernelAccess.Require();
        using var samples = Object(20);
        var map = samples.Map("samples");
        var sink = new RecordingSink(20);
        Assert.Throws<ArgumentException>(() => new SampleReader(map, sink, new SampleReaderOptions { PagesPerCpu = 3 }));
        Assert.Throws<ArgumentException>(() => new SampleReader(map, sink, new SampleReaderOptions { PagesPerCpu = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new SampleReader(map, sink, new SampleReaderOptions { DrainInterval = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleReader(map, sink, new SampleReaderOptions { MaxSamplesPerPass = 0 }));
        Assert.Throws<ArgumentException>(() => new SampleReader(samples.Map("scratch"), sink));
    }

    [Fact]
    public void A_limit_on_a_pass_delays_but_drops_nothing()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var sink = new RecordingSink(20);
        using var samples = Object(20);
        using var reader = new SampleReader(samples.Map("samples"), sink, new SampleReaderOptions { MaxSamplesPerPass = 7 });
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
            Getpgid.Sample(1000);
        Eventually.Holds(() => Volatile.Read(ref sink.Samples) == 1000);
        reader.Stop();
        Assert.Equal(1000, sink.Samples);
        Assert.True(reader.Statistics.Passes >= 1000 / (7 * CpuList.Online().Length));
    }

    private static BpfObject Object(int size)
        => KernelAccess.Create("samples", ("target", (uint)Environment.ProcessId), ("sample_size", (uint)size));

    private static ulong Variable(BpfObject samples, int index)
    {
        var bss = samples.Map(".bss");
        var value = new byte[bss.EntryBytes];
        Assert.True(bss.TryLookup(new byte[4], value));
        return MemoryMarshal.Cast<byte, ulong>(value)[index];
    }
}

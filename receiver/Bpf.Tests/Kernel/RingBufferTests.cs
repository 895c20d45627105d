using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class RingBufferTests
{
    private static readonly SampleReaderOptions Slow = new()
    {
        DrainInterval = TimeSpan.FromMinutes(1),
        CheckInterval = TimeSpan.FromMinutes(1),
        ThreadName = "test-rings",
    };

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(23)]
    [InlineData(200)]
    [InlineData(1000)]
    public void Every_sample_arrives_whole_with_its_own_length_also_where_the_buffer_wraps(int size)
    {
        using var rings = Object(("sample_size", (uint)size));
        var sink = new RingSink(size);
        // The kernel wakes whoever has read all before: no interval is needed.
        using var reader = new SampleReader(rings.Map("first"), sink, Slow);
        reader.Start();
        Assert.Equal(0, reader.Cpus);
        using (rings.Load("on_getpgid").Attach())
        {
            for (var i = 1; i <= 1000; i++)
            {
                Getpgid.Sample(3);
                Eventually.Holds(() => Volatile.Read(ref sink.Settled) == 3 * i);
            }
        }

        reader.Stop();
        Assert.Null(reader.Failure);
        Assert.Equal((3000, 0, 0), (sink.Samples, sink.Lost, sink.Malformed));
        Assert.Equal(new Counters(3000, 0, 0), Read(rings));
        Assert.Equal((3000, 3000L * size), (reader.Statistics.Samples, reader.Statistics.Bytes));
    }

    [Fact]
    public void Samples_that_nobody_was_woken_for_wait_for_the_interval()
    {
        using var rings = Object(("wake_every", 1_000_000));
        var sink = new RingSink(24);
        const int Interval = 300;
        using var reader = new SampleReader(rings.Map("first"), sink, Slow with { DrainInterval = TimeSpan.FromMilliseconds(Interval) });
        using var link = rings.Load("on_getpgid").Attach();
        var began = Environment.TickCount64;
        reader.Start();
        Getpgid.Sample(10);
        Eventually.Holds(() => Volatile.Read(ref sink.Settled) == 10);
        // By the clock that the reader goes by: no pass before its interval was over.
        var passes = reader.Statistics.Passes;
        Assert.InRange(passes, 1, (Environment.TickCount64 - began) / Interval);
    }

    [Fact]
    public void A_program_that_wakes_each_50_samples_wakes_the_reader_that_often()
    {
        using var rings = Object(("wake_every", 50));
        var sink = new RingSink(24);
        using var reader = new SampleReader(rings.Map("first"), sink, Slow);
        using var link = rings.Load("on_getpgid").Attach();
        using var pinned = CpuPin.To(0);
        reader.Start();
        for (var i = 1; i <= 10; i++)
        {
            Getpgid.Sample(50);
            // Not before it sleeps: until then it finds on its own what comes, a few at a time.
            Eventually.Holds(() => Volatile.Read(ref sink.Settled) == 50 * i && IsAsleep(sink.ThreadId));
        }

        // One for each, and some without anything to read: the runtime interrupts the call as well.
        Assert.InRange(reader.Statistics.Wakeups, 10, 40);
    }

    [Fact]
    public void Discarded_records_are_passed_over()
    {
        using var rings = Object(("discard_every", 3));
        var sink = new RingSink(24);
        using var reader = new SampleReader(rings.Map("first"), sink, Slow);
        reader.Start();
        using (rings.Load("on_getpgid").Attach())
        using (CpuPin.To(0))
        {
            for (var i = 0; i < 100; i++)
            {
                Getpgid.Sample(30);
                Eventually.Holds(() => Volatile.Read(ref sink.Settled) == 20 * (i + 1));
            }
        }

        reader.Stop();
        Assert.Equal((2000, 0), (sink.Samples, sink.Malformed));
        Assert.Equal(new Counters(3000, 0, 1000), Read(rings));
        Assert.Equal(2000, reader.Statistics.Samples);
    }

    [Fact]
    public void Several_buffers_are_read_by_one_thread_each_for_its_own_sink()
    {
        using var rings = Object(("alternate", 1));
        var (first, second) = (new RingSink(24), new RingSink(24));
        using var reader = new SampleReader(Slow).Add(rings.Map("first"), first).Add(rings.Map("second"), second);
        Assert.Throws<ArgumentException>(() => reader.Add(rings.Map("second"), first));
        reader.Start();
        Assert.Throws<InvalidOperationException>(() => reader.Add(rings.Map("second"), first));
        using (rings.Load("on_getpgid").Attach())
        using (CpuPin.To(0))
        {
            Getpgid.Sample(100);
            Eventually.Holds(() => Volatile.Read(ref first.Settled) == 50 && Volatile.Read(ref second.Settled) == 50);
        }

        Assert.Equal((0, 0), (first.Malformed, second.Malformed));
        Assert.Equal(100, reader.Statistics.Samples);
    }

    [Fact]
    public void What_does_not_fit_is_told_by_the_programs_counter_so_that_produced_is_delivered_plus_lost()
    {
        using var gate = new ManualResetEventSlim();
        using var rings = Object(("sample_size", 100));
        var sink = new RingSink(100) { Sampled = gate.Wait };
        using var reader = new SampleReader(Slow with { CheckInterval = TimeSpan.FromMilliseconds(5) })
            .Add(rings.Map("first"), sink, rings.Map("losses"));
        reader.Start();
        using (rings.Load("on_getpgid").Attach())
        {
            Getpgid.Sample(1000); // the reader is held at the first: the buffer takes 37 of them
            gate.Set();
            Eventually.Holds(() => Volatile.Read(ref sink.Lost) > 0);
        }

        reader.Stop();
        var counters = Read(rings);
        Assert.InRange(counters.Refused, 900UL, 990UL);
        Assert.Equal(1000UL, counters.Produced);
        Assert.Equal((1000, (long)counters.Refused), (sink.Samples + sink.Lost, sink.Lost));
        Assert.Equal(sink.Lost, reader.Statistics.Lost);
        Assert.Equal(0, sink.Malformed);
    }

    [Fact]
    public void Stopping_delivers_what_is_there_is_prompt_under_load_and_leaves_nothing_open()
    {
        using var warm = Object();
        var before = Descriptors.Census();
        using (var rings = Object(("wake_every", 1_000_000), ("alternate", 1), ("sample_size", 100)))
        {
            var sink = new RingSink(100);
            using var reader = new SampleReader(rings.Map("second"), sink, Slow);
            reader.Start();
            using var link = rings.Load("on_getpgid").Attach();
            using var stop = new CancellationTokenSource();
            var producer = new Thread(() =>
            {
                Getpgid.Sample(20);
                while (!stop.IsCancellationRequested)
                    Getpgid.Sample(100);
            });
            producer.Start();
            Eventually.Holds(() => Read(rings).Produced > 10_000);
            var passes = reader.Statistics.Passes;
            reader.Stop();
            // The one that it was woken to, and the three of the end, though the producer goes on.
            Assert.InRange(reader.Statistics.Passes - passes, 1, 4);
            stop.Cancel();
            producer.Join();
            Assert.InRange(sink.Samples, 500, long.MaxValue); // 64 KiB hold 585
            Assert.Equal(0, sink.Malformed);
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Fact]
    public void A_second_reader_goes_on_where_the_first_stopped()
    {
        using var rings = Object();
        using var link = rings.Load("on_getpgid").Attach();
        for (var round = 0; round < 3; round++)
        {
            var sink = new RingSink(24);
            using var reader = new SampleReader(rings.Map("first"), sink, Slow);
            Getpgid.Sample(11);
            reader.Start();
            Eventually.Holds(() => Volatile.Read(ref sink.Settled) == 11);
            reader.Stop();
            Assert.Equal(0, sink.Malformed);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_sample()
    {
        using var rings = Object(("sample_size", 200));
        var sink = new RingSink(200);
        using var reader = new SampleReader(new SampleReaderOptions { CheckInterval = TimeSpan.FromMilliseconds(1) })
            .Add(rings.Map("first"), sink, rings.Map("losses"));
        reader.Start();
        using (rings.Load("on_getpgid").Attach())
        {
            Read(2000);
            var before = Volatile.Read(ref sink.Allocated);
            Read(20_000);
            Assert.Equal(before, Volatile.Read(ref sink.Allocated));
        }

        void Read(int count)
        {
            var start = Volatile.Read(ref sink.Samples);
            for (var i = 10; i <= count; i += 10)
            {
                Getpgid.Sample(10);
                while (Volatile.Read(ref sink.Samples) < start + i)
                    Thread.Yield();
            }

            var drained = Volatile.Read(ref sink.Drained);
            while (Volatile.Read(ref sink.Drained) < drained + 2)
            {
                Getpgid.Sample(1);
                Thread.Yield();
            }
        }
    }

    [Fact]
    public void An_exception_of_the_sink_stops_the_reader_and_is_told()
    {
        using var rings = Object();
        var sink = new RingSink(24) { Sampled = () => throw new InvalidDataException("not a sample") };
        using var reader = new SampleReader(rings.Map("first"), sink, Slow);
        using var failed = new ManualResetEventSlim();
        reader.Failed += _ => failed.Set();
        reader.Start();
        using (rings.Load("on_getpgid").Attach())
            Getpgid.Sample(1);
        Assert.True(failed.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
        Assert.IsType<InvalidDataException>(reader.Failure);
        reader.Stop();
    }

    [Fact]
    public void Maps_that_are_neither_and_counters_that_do_not_fit_are_refused()
    {
        using var rings = Object();
        using var samples = KernelAccess.Create("samples");
        var sink = new RingSink(24);
        var reader = new SampleReader();
        Assert.Contains("neither a perf event array nor a ring buffer",
            Assert.Throws<ArgumentException>(() => reader.Add(rings.Map("scratch"), sink)).Message, StringComparison.Ordinal);
        Assert.Contains("a per-CPU array of u64",
            Assert.Throws<ArgumentException>(() => reader.Add(rings.Map("first"), sink, rings.Map("scratch"))).Message,
                StringComparison.Ordinal);
        Assert.Contains("a counter is for ring buffers",
            Assert.Throws<ArgumentException>(() => reader.Add(samples.Map("samples"), sink, rings.Map("losses"))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(reader.Start);
        var e = Assert.Throws<BpfSyscallException>(() => BpfMap.Create(new MapSpec("odd", BpfMapType.RingBuffer, 0, 0, 5000)));
        Assert.Contains("a power of two and a multiple of the page size", e.Message, StringComparison.Ordinal);
    }

    private static BpfObject Object(params (string Name, uint Value)[] constants)
    {
        KernelAccess.Require();
        return KernelAccess.Create("rings", [("target", (uint)Environment.ProcessId), .. constants]);
    }

    /// <summary>Whether a thread of this process waits in the kernel: the letter behind its name in /proc/PID/stat.</summary>
    private static bool IsAsleep(int thread)
    {
        var stat = File.ReadAllText($"/proc/self/task/{thread}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }

    private static Counters Read(BpfObject rings) => rings.Map(".bss").As<uint, Counters>()[0];

    private readonly record struct Counters(ulong Produced, ulong Refused, ulong Discarded);
}

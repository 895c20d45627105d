using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class SampleStreamTests
{
    private static readonly SampleReaderOptions Quick = new() { DrainInterval = TimeSpan.FromMilliseconds(1) };
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Samples_can_be_awaited_and_come_to_an_end_with_the_stream()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var before = Descriptors.Census();
        using (var samples = Object())
        {
            var stream = new SampleStream(samples.Map("samples"), Quick);
            using (samples.Load("on_getpgid").Attach())
            {
                using (CpuPin.To(0))
                    Getpgid.Sample(5);
                await using var waiting = stream.GetAsyncEnumerator(Stop);
                for (var i = 0; i < 5; i++)
                {
                    Assert.True(await waiting.MoveNextAsync().AsTask().WaitAsync(Limit, Stop));
                    Assert.Equal((0, (ulong)i + 1, 0UL), (waiting.Current.Cpu, Number(waiting.Current), waiting.Current.Lost));
                }

                Getpgid.Sample(7);
            }

            await stream.DisposeAsync();
            // What was put out before is still there.
            var rest = await stream.ToArrayAsync(Stop).AsTask().WaitAsync(Limit, Stop);
            Assert.Equal(7, rest.Length);
            Assert.Equal((12L, 0L, 0L), (stream.Statistics.Samples, stream.Lost, stream.Dropped));
            await stream.DisposeAsync();
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Fact]
    public async Task What_nobody_takes_is_dropped_and_told_with_the_next()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var samples = Object();
        await using var stream = new SampleStream(samples.Map("samples"), Quick, capacity: 4);
        using var link = samples.Load("on_getpgid").Attach();
        using (CpuPin.To(0))
            Getpgid.Sample(10);
        Assert.True(SpinWait.SpinUntil(() => stream.Dropped == 6, Limit));
        await using var waiting = stream.GetAsyncEnumerator(Stop);
        for (var i = 0; i < 4; i++)
            Assert.True(await waiting.MoveNextAsync().AsTask().WaitAsync(Limit, Stop));
        Assert.Equal((4UL, 0UL), (Number(waiting.Current), waiting.Current.Lost));
        Getpgid.Sample(1);
        Assert.True(await waiting.MoveNextAsync().AsTask().WaitAsync(Limit, Stop));
        Assert.Equal(6UL, waiting.Current.Lost);
    }

    [Fact]
    public async Task Waiting_for_a_sample_can_be_given_up()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var samples = Object();
        await using var stream = new SampleStream(samples.Map("samples"), Quick);
        using var stop = new CancellationTokenSource();
        var waiting = stream.FirstAsync(stop.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit, Stop));
    }

    [Fact]
    public async Task A_reader_can_be_stopped_without_blocking_and_says_when_it_has_ended()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var samples = Object();
        var sink = new RecordingSink(20);
        var reader = new SampleReader(samples.Map("samples"), sink, new SampleReaderOptions { DrainInterval = TimeSpan.FromMinutes(10) });
        reader.Start();
        using (samples.Load("on_getpgid").Attach())
        {
            Getpgid.Sample(50);
            Assert.False(reader.Completion.IsCompleted);
            await reader.StopAsync().WaitAsync(Limit, Stop);
            Assert.Equal(50, sink.Samples);
        }

        Assert.True(reader.Completion.IsCompletedSuccessfully);
        await reader.DisposeAsync();
        reader.Stop();

        // One that never ran.
        await using var idle = new SampleReader(samples.Map("samples"), sink);
        await idle.StopAsync().WaitAsync(Limit, Stop);
        Assert.True(idle.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task An_exception_of_the_sink_ends_the_completion()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var samples = Object();
        var sink = new RecordingSink(20) { Sampled = () => throw new InvalidDataException("not a sample") };
        await using var reader = new SampleReader(samples.Map("samples"), sink, Quick);
        reader.Start();
        using var link = samples.Load("on_getpgid").Attach();
        Getpgid.Sample(1);
        var told = await Assert.ThrowsAsync<InvalidDataException>(() => reader.Completion.WaitAsync(Limit, Stop));
        Assert.Same(reader.Failure, told);
        await reader.StopAsync().WaitAsync(Limit, Stop);
    }

    private static BpfObject Object() => KernelAccess.Create("samples", ("target", (uint)Environment.ProcessId), ("sample_size", 20u));

    /// <summary>Samples of a CPU are numbered from 1 on.</summary>
    private static ulong Number(Sample sample) => MemoryMarshal.Read<ulong>(sample.Bytes.Span);
}

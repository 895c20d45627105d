using EbpfReceiver.Hosting;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Tests.Services;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Tests.Hosting;

public class MemoryGuardTests
{
    private const long Limit = 100 << 20;

    [Fact]
    public void It_is_critical_near_the_limit_and_until_well_below_it()
    {
        long resident = 0;
        using var guard = new MemoryGuard(Limit, () => resident, static () => { }, TimeProvider.System, NullLogger.Instance);
        List<bool> states = [];
        foreach (long mebibytes in (long[])[10, 89, 90, 120, 89, 76, 74, 89, 91])
        {
            resident = mebibytes << 20;
            guard.Look();
            states.Add(guard.IsCritical);
        }

        Assert.Equal([false, false, true, true, true, true, false, false, true], states);
    }

    [Fact]
    public void Garbage_is_collected_before_anyone_is_refused_but_not_all_the_time()
    {
        long resident = 95 << 20;
        int collections = 0;
        var time = new ManualTime();
        void Collect() => resident = ++collections == 1 ? 50 << 20 : resident;
        using var guard = new MemoryGuard(Limit, () => resident, Collect, time, NullLogger.Instance);
        guard.Look();
        Assert.Equal((1, false), (collections, guard.IsCritical));
        resident = 95 << 20;
        guard.Look();
        Assert.Equal((1, true), (collections, guard.IsCritical));
        // What is garbage by now may be all that keeps it from being calm.
        resident = 80 << 20;
        time.Advance(TimeSpan.FromSeconds(5));
        guard.Look();
        Assert.Equal((2, true), (collections, guard.IsCritical));
    }

    [Fact]
    public void Under_pressure_one_batch_of_ten_goes_on_and_the_items_of_the_others_are_counted()
    {
        var memory = new StubPressure();
        var gone = new List<int>();
        var valve = new PressureValve(
            batch =>
            {
                gone.Add(batch.Items);
                batch.Release();
            },
            memory);
        for (int i = 0; i < 5; i++) valve.Publish(Batch.Copy(Signal.Traces, 3, [0]));
        Assert.Equal((5, 0), (gone.Count, valve.Shed));
        memory.IsCritical = true;
        for (int i = 0; i < 20; i++) valve.Publish(Batch.Copy(Signal.Traces, 3, [0]));
        Assert.Equal((7, 18 * 3), (gone.Count, valve.Shed));
        memory.IsCritical = false;
        valve.Publish(Batch.Copy(Signal.Traces, 3, [0]));
        Assert.Equal((8, 18 * 3), (gone.Count, valve.Shed));
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}

using EbpfReceiver.Hosting;
using EbpfReceiver.Tests.Supervision;

namespace EbpfReceiver.Tests.Hosting;

public sealed class HeapTrimTests
{
    private const long MiB = 1 << 20;
    private readonly SteppedTime _time = new();
    private long _committed = 10 * MiB;
    private long _inUse = 6 * MiB;
    private int _collections;

    [Fact]
    public void What_a_burst_left_is_given_back_once_and_not_what_is_in_use()
    {
        HeapTrim trim = Make();
        _committed = 18 * MiB;
        Assert.Equal(0, Looks(trim, seconds: 60)); // no more than it may grow by
        _committed += 1;
        Assert.Equal(1, Looks(trim, seconds: 60));
        Assert.Equal(6 * MiB, _committed);

        // In use from now on: collected once to find that out, and then when half as much again has come.
        _inUse = _committed = 100 * MiB;
        Assert.Equal(1, Looks(trim, seconds: 60));
        _committed = 150 * MiB;
        Assert.Equal(0, Looks(trim, seconds: 60));
        _committed = 151 * MiB;
        Assert.Equal(1, Looks(trim, seconds: 60));
    }

    [Fact]
    public void What_others_collected_is_the_measure_too()
    {
        _committed = 40 * MiB;
        HeapTrim trim = Make();
        _committed = _inUse;
        Assert.Equal(0, Looks(trim, seconds: 10));
        _committed = 15 * MiB;
        Assert.Equal(1, Looks(trim, seconds: 10));
    }

    [Fact]
    public void A_heap_that_grows_all_the_time_is_collected_every_five_seconds()
    {
        HeapTrim trim = Make();
        int collected = 0;
        for (int second = 0; second < 60; second++)
        {
            _committed += 20 * MiB;
            collected += Looks(trim, seconds: 1);
        }

        Assert.Equal(12, collected);
    }

    private HeapTrim Make() => new(() => _committed, Collect, _time);

    private void Collect()
    {
        _collections++;
        _committed = _inUse;
    }

    private int Looks(HeapTrim trim, int seconds)
    {
        int before = _collections;
        for (int second = 0; second < seconds; second++)
        {
            _time.Advance(1);
            trim.Look();
        }

        return _collections - before;
    }
}

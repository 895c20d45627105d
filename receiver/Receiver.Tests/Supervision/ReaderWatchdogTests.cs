using EbpfReceiver.Configuration;
using EbpfReceiver.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Tests.Supervision;

public class ReaderWatchdogTests
{
    private readonly SteppedTime _time = new();
    private readonly ReaderWatchdog _watchdog;
    private long? _passes = 0;

    public ReaderWatchdogTests()
    {
        var configuration = new WatchdogConfiguration { StalledAfter = TimeSpan.FromSeconds(10), ExitAfter = TimeSpan.FromSeconds(60) };
        _watchdog = new ReaderWatchdog(() => _passes, () => "state D, waits in somewhere", configuration, NullLogger.Instance, _time);
    }

    [Fact]
    public void A_reader_that_passes_is_never_found_standing_still()
    {
        for (int second = 0; second < 200; second++)
        {
            _passes++;
            Look(1);
        }

        Assert.Equal((null, 0L, false), (_watchdog.Stall, _watchdog.Stalls, _watchdog.Expired.IsCompleted));
    }

    [Fact]
    public void One_that_stands_still_is_found_after_the_first_time_and_ends_the_process_after_the_second()
    {
        Look(1);
        for (int second = 0; second < 9; second++) Look(1);
        Assert.Null(_watchdog.Stall);
        Look(1);
        Assert.Contains("state D, waits in somewhere", _watchdog.Stall, StringComparison.Ordinal);
        for (int second = 10; second < 59; second++) Look(1);
        Assert.Equal((1L, false), (_watchdog.Stalls, _watchdog.Expired.IsCompleted));
        Look(1);
        Assert.True(_watchdog.Expired.IsCompleted);
    }

    [Fact]
    public void One_that_goes_on_is_well_again_and_counts_again_when_it_stops()
    {
        for (int second = 0; second <= 20; second++) Look(1);
        _passes++;
        Look(1);
        Assert.Equal((null, 1L), (_watchdog.Stall, _watchdog.Stalls));
        for (int second = 0; second < 10; second++) Look(1);
        Assert.NotNull(_watchdog.Stall);
        Assert.Equal(2, _watchdog.Stalls);
    }

    [Fact]
    public void Time_in_which_the_whole_process_was_frozen_does_not_count()
    {
        Look(1);
        Look(3600);
        Assert.Equal((null, false), (_watchdog.Stall, _watchdog.Expired.IsCompleted));
    }

    [Fact]
    public void Before_there_is_a_reader_nothing_stands_still()
    {
        _passes = null;
        for (int second = 0; second < 100; second++) Look(1);
        Assert.Null(_watchdog.Stall);
    }

    private void Look(double seconds)
    {
        _time.Advance(seconds);
        _watchdog.Look();
    }
}

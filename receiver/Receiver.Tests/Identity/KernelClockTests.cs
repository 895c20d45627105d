using EbpfReceiver.Samples;

namespace EbpfReceiver.Tests.Identity;

public class KernelClockTests
{
    [Fact]
    public void Times_agree_with_the_wall_clock()
    {
        var clock = new KernelClock();
        var tolerance = TimeSpan.FromMilliseconds(50);
        DateTime before = DateTime.UtcNow;
        DateTime told = DateTime.UnixEpoch.AddTicks((long)(clock.ToUnix(clock.Now) / 100));
        DateTime after = DateTime.UtcNow;
        Assert.InRange(told, before - tolerance, after + tolerance);
    }

    [Fact]
    public void A_step_of_the_wall_clock_is_followed_and_counted()
    {
        ulong monotonic = 1_000;
        ulong ahead = 5_000_000_000;
        var clock = new KernelClock(which => which switch { 0 => monotonic + ahead, 7 => monotonic + 70, _ => monotonic });
        Assert.Equal(5_000_002_000u, clock.ToUnix(2_000));
        Assert.Equal(5_000_001_930u, clock.BootToUnix(2_000));
        ahead = 9_000_000_000;
        clock.MeasureIfDue();
        Assert.Equal(5_000_002_000u, clock.ToUnix(2_000));
        monotonic += 1_000_000_000;
        clock.MeasureIfDue();
        Assert.Equal(9_000_002_000u, clock.ToUnix(2_000));
        Assert.Equal(1, clock.Steps);
    }

    [Fact]
    public void A_clock_that_is_set_back_is_followed_and_counted_and_being_slewed_is_not()
    {
        ulong monotonic = 1_000;
        ulong ahead = 50_000_000_000;
        var clock = new KernelClock(which => which == 0 ? monotonic + ahead : monotonic);
        monotonic += 1_000_000_000;
        ahead -= 30_000_000_000;
        clock.MeasureIfDue();
        Assert.Equal((20_000_002_000u, 1), (clock.ToUnix(2_000), clock.Steps));
        monotonic += 1_000_000_000;
        ahead += 400_000_000;
        clock.MeasureIfDue();
        Assert.Equal((20_400_002_000u, 1), (clock.ToUnix(2_000), clock.Steps));
    }

    [Fact]
    public void Sleep_moves_the_wall_clock_and_the_start_of_processes_stays_where_it_was()
    {
        // While the machine sleeps, CLOCK_MONOTONIC stands still and the other two go on.
        ulong monotonic = 5_000_000_000;
        ulong slept = 0;
        var clock = new KernelClock(which => which switch { 0 => monotonic + slept + 1_000_000_000_000, 7 => monotonic + slept, _ => monotonic });
        ulong started = clock.BootToUnix(3_000_000_000);
        slept = 3_600_000_000_000;
        monotonic += 2_000_000_000;
        clock.MeasureIfDue();
        Assert.Equal(started, clock.BootToUnix(3_000_000_000));
        Assert.Equal(1_000_000_000_000 + slept + monotonic, clock.ToUnix(monotonic));
        Assert.Equal(1, clock.Steps);
    }

    [Theory]
    [InlineData(2_000, 5_000, 3_000, 0)]
    [InlineData(2_000, 2_000, 0, 0)]
    [InlineData(5_000, 2_000, 0, 1)]
    public void What_ends_before_it_began_took_no_time_and_is_counted(ulong start, ulong end, ulong length, long reversed)
    {
        var clock = new KernelClock(which => which == 0 ? 9_000_000_000UL : 1_000UL);
        (ulong from, ulong to) = clock.ToUnix(start, end);
        Assert.Equal((clock.ToUnix(end), length, reversed), (to, to - from, clock.Reversed));
    }
}

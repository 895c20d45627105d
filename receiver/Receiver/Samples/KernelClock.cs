using System.Runtime.InteropServices;

namespace EbpfReceiver.Samples;

/// <summary>
/// Turns the kernel's times into wall-clock times. The distance between the clocks is measured again and again: the wall clock is slewed
/// and stepped (NTP, a resumed guest), CLOCK_MONOTONIC is only slewed and stands still while the machine sleeps.
/// </summary>
internal sealed partial class KernelClock
{
    private const int Realtime = 0;
    private const int Monotonic = 1;
    private const int Boottime = 7;
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reading two clocks is not atomic; the try with the least time between is the best. More than five gains nothing.</summary>
    private const int Tries = 5;

    private readonly Func<int, ulong> _read;
    private long _wallOffset;
    private long _bootOffset;
    private ulong _measuredAt;
    private long _reversed;

    /// <summary>Measures at once.</summary>
    public KernelClock()
        : this(ReadClock)
    {
    }

    /// <summary>For tests: reads clocks (CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_BOOTTIME = 7) elsewhere.</summary>
    internal KernelClock(Func<int, ulong> read)
    {
        _read = read;
        Measure();
    }

    /// <summary>How often the wall clock was seen to step by more than a second.</summary>
    public int Steps { get; private set; }

    /// <summary>Intervals that ended before they began: the clocks of CPUs differ by a little, and a span may move between them.</summary>
    public long Reversed => Interlocked.Read(ref _reversed);

    /// <summary>CLOCK_MONOTONIC now, in ns.</summary>
    public ulong Now => _read(Monotonic);

    /// <summary>Wall time of a CLOCK_MONOTONIC time, in ns since 1970.</summary>
    public ulong ToUnix(ulong monotonic) => (ulong)((long)monotonic + Volatile.Read(ref _wallOffset));

    /// <summary>
    /// Wall times of the start and the end of something, both by one measurement, so that a step of the wall clock between them does not change
    /// how long it took. What ended before it began took no time, and is counted.
    /// </summary>
    public (ulong Start, ulong End) ToUnix(ulong start, ulong end)
    {
        long offset = Volatile.Read(ref _wallOffset);
        if (start > end)
        {
            Interlocked.Increment(ref _reversed);
            start = end;
        }

        return ((ulong)((long)start + offset), (ulong)((long)end + offset));
    }

    /// <summary>Wall time of a CLOCK_BOOTTIME time, in ns since 1970.</summary>
    public ulong BootToUnix(ulong boottime) => (ulong)((long)boottime + Volatile.Read(ref _bootOffset));

    /// <summary>Measures again if the last time is more than a second ago; cheap enough to be called at every pass.</summary>
    public void MeasureIfDue()
    {
        if (Now - _measuredAt >= NanosecondsPerSecond) Measure();
    }

    /// <summary>Measures the distances now.</summary>
    public void Measure()
    {
        long wall = Distance(Realtime);
        if (_measuredAt != 0 && Math.Abs(wall - _wallOffset) > (long)NanosecondsPerSecond) Steps++;
        Volatile.Write(ref _wallOffset, wall);
        Volatile.Write(ref _bootOffset, wall - Distance(Boottime));
        _measuredAt = Now;
    }

    /// <summary>How far a clock is ahead of CLOCK_MONOTONIC, in ns.</summary>
    private long Distance(int clock)
    {
        long best = 0;
        ulong least = ulong.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            ulong before = _read(Monotonic);
            ulong there = _read(clock);
            ulong between = _read(Monotonic) - before;
            if (between >= least) continue;
            least = between;
            best = (long)there - (long)(before + between / 2);
        }

        return best;
    }

    private static ulong ReadClock(int clock)
    {
        // clock_gettime(2) fails for unknown clocks only, and these three are older than any kernel we run on.
        ClockGetTime(clock, out TimeSpec time);
        return (ulong)time.Seconds * NanosecondsPerSecond + (ulong)time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    /// <summary>struct timespec on 64-bit Linux.</summary>
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

namespace EbpfReceiver.Otlp.Tests;

/// <summary>A clock that goes faster than the system's, and so do the waits by it.</summary>
/// <param name="speed">Its seconds in one of the system's.</param>
internal sealed class AcceleratedTime(int speed) : TimeProvider
{
    private readonly long _began = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => _began + (System.GetTimestamp() - _began) * speed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Faster(dueTime), Faster(period));

    private TimeSpan Faster(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? wait : wait / speed;
}

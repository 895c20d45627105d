namespace EbpfReceiver.Otlp.Tests;

/// <summary>A clock that goes faster than the system's, and so do the waits by it.</summary>
internal sealed class AcceleratedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private long _began = System.GetTimestamp();
    private long _passed;
    private int _speed = 1;

    /// <summary>Its seconds in one of the system's; waits that have begun keep the speed that they began with.</summary>
    public int Speed
    {
        get => _speed;
        set
        {
            lock (_gate)
            {
                long now = System.GetTimestamp();
                (_passed, _began, _speed) = (_passed + (now - _began) * _speed, now, value);
            }
        }
    }

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp()
    {
        lock (_gate)
            return _passed + (System.GetTimestamp() - _began) * _speed;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Faster(dueTime), Faster(period));

    private TimeSpan Faster(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? wait : wait / Speed;
}

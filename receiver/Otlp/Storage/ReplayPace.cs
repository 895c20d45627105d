namespace EbpfReceiver.Otlp;

/// <summary>
/// Spaces out what waited for long, so that a collector that has just come back is not given an hour's telemetry in a second. One caller
/// at a time.
/// </summary>
/// <param name="bytesPerSecond">0 for no limit.</param>
/// <param name="time">The clock of both.</param>
internal sealed class ReplayPace(long bytesPerSecond, TimeProvider time)
{
    /// <summary>What has waited no longer than this is not replay: a queue that is hardly behind is not slowed down.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly long _began = time.GetTimestamp();
    private TimeSpan _earliest;

    /// <summary>How long the batch has to wait before it is sent; afterwards it counts as sent.</summary>
    /// <param name="header">The batch as it was stored.</param>
    public TimeSpan DelayOf(in RecordHeader header)
    {
        if (bytesPerSecond == 0 || time.GetUtcNow().ToUnixTimeMilliseconds() - header.StoredAt < (long)Fresh.TotalMilliseconds)
            return TimeSpan.Zero;
        TimeSpan now = time.GetElapsedTime(_began);
        TimeSpan delay = _earliest > now ? _earliest - now : TimeSpan.Zero;
        _earliest = now + delay + TimeSpan.FromSeconds((double)header.Length / bytesPerSecond);
        return delay;
    }
}

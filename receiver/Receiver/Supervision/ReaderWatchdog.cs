using EbpfReceiver.Configuration;

namespace EbpfReceiver.Supervision;

/// <summary>
/// Looks whether the thread that reads the samples still does: it looks at its buffers at every drain interval, whatever happens, so a
/// number of passes that does not grow means that it hangs.
/// </summary>
/// <param name="passes">How often the thread has looked at its buffers; null while there is none.</param>
/// <param name="describe">Where the thread is.</param>
/// <param name="configuration">After what times it matters.</param>
/// <param name="log">The receiver's log.</param>
/// <param name="time">The clock.</param>
internal sealed class ReaderWatchdog(
    Func<long?> passes, Func<string> describe, WatchdogConfiguration configuration, ILogger log, TimeProvider time)
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lookedAt = time.GetTimestamp();
    private long _seen = -1;
    private TimeSpan _idle;
    private volatile string? _stall;
    private long _stalls;

    /// <summary>Why the receiver sees nothing just now, as a sentence; null while samples are read.</summary>
    public string? Stall => _stall;

    /// <summary>How often the thread was found standing still.</summary>
    public long Stalls => Interlocked.Read(ref _stalls);

    /// <summary>Ends when the thread has stood still for so long that only a new process helps.</summary>
    public Task Expired => _expired.Task;

    /// <summary>Looks now; to be called at every <see cref="Interval"/>.</summary>
    public void Look()
    {
        // A process that was frozen as a whole (SIGSTOP, a cgroup freezer, a paused machine) did not look either: that time does not count.
        TimeSpan since = time.GetElapsedTime(_lookedAt);
        _lookedAt = time.GetTimestamp();
        long? now = passes();
        if (now is null || now != _seen)
        {
            _seen = now ?? -1;
            if (_stall is not null) SupervisionLog.Recovered(log, (long)_idle.TotalSeconds);
            _stall = null;
            _idle = TimeSpan.Zero;
            return;
        }

        _idle += since < 2 * Interval ? since : Interval;
        if (_stall is null && _idle >= configuration.StalledAfter)
        {
            string state = describe();
            _stall = $"the thread that reads the samples stands still: {state}";
            Interlocked.Increment(ref _stalls);
            SupervisionLog.Stalled(log, (long)_idle.TotalSeconds, state);
        }

        if (configuration.ExitAfter <= TimeSpan.Zero || _idle < configuration.ExitAfter || Expired.IsCompleted) return;
        SupervisionLog.Expired(log, (long)_idle.TotalSeconds);
        _expired.TrySetResult();
    }
}

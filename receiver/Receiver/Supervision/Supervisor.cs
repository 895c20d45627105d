using EbpfReceiver.Hosting;

namespace EbpfReceiver.Supervision;

/// <summary>
/// Lets the watchdog look, and tells the service manager of it: a reader that hangs lets the manager's own watchdog expire, too. The heap
/// is looked after by the way.
/// </summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private readonly ReaderWatchdog _watchdog;
    private readonly ServiceNotifier _notifier;
    private readonly HeapTrim _heap = new();
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    /// <summary>Begins.</summary>
    public Supervisor(ReaderWatchdog watchdog, ServiceNotifier notifier)
    {
        _watchdog = watchdog;
        _notifier = notifier;
        // Twice in the manager's interval, as sd_watchdog_enabled(3) has it.
        TimeSpan interval = notifier.WatchdogInterval / 2 ?? ReaderWatchdog.Interval;
        _timer = new PeriodicTimer(interval < ReaderWatchdog.Interval ? interval : ReaderWatchdog.Interval);
        _loop = Task.Run(LoopAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop.ConfigureAwait(false);
    }

    private async Task LoopAsync()
    {
        string? told = null;
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            _watchdog.Look();
            string? stall = _watchdog.Stall;
            if (stall is null && _notifier.WatchdogInterval is not null) _notifier.Alive();
            if (stall != told) _notifier.Status(stall ?? "samples are read again");
            told = stall;
            _heap.Look();
        }
    }
}

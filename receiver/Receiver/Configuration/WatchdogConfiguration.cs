namespace EbpfReceiver.Configuration;

/// <summary>Key <c>receiver.watchdog</c>: what happens when the thread that reads the samples stands still.</summary>
public sealed record WatchdogConfiguration
{
    /// <summary>After this time without a look at the sample buffers the receiver is not ready any more, and says why.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this time it ends, so that whoever started it starts it again. Zero: never.</summary>
    public TimeSpan ExitAfter { get; init; } = TimeSpan.FromSeconds(60);
}

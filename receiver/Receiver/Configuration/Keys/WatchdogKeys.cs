namespace EbpfReceiver.Configuration;

/// <summary>Section <c>receiver.watchdog</c>.</summary>
internal static class WatchdogKeys
{
    private static readonly ConfigurationKey<TimeSpan> s_stalledAfter = new(
        "stalled_after", new DurationType(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "from 1s to 1h"), "10s",
        "After this time without a look at the sample buffers the receiver says where its reader hangs, and is not ready.");

    private static readonly ConfigurationKey<TimeSpan> s_exitAfter = new(
        "exit_after", new DurationType(TimeSpan.Zero, TimeSpan.FromHours(24), "from 1s to 24h, or 0"), "60s",
        "After this time it ends with exit code 3, for whoever started it to start it again. 0: never.");

    public static readonly SectionType<WatchdogConfiguration> Section = new(
        [s_stalledAfter, s_exitAfter],
        static s => new WatchdogConfiguration { StalledAfter = s.Get(s_stalledAfter), ExitAfter = s.Get(s_exitAfter) });
}

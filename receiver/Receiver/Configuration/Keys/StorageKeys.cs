using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Section <c>sending_queue.storage</c> of an OTLP exporter: its queue on disk.</summary>
internal static class StorageKeys
{
    private static readonly ConfigurationKey<string> s_directory = new(
        "directory", ValueTypes.AbsolutePath, "/var/lib/ebpf-receiver/queue",
        "Where; each exporter has a directory of its own in it. Only the receiver's user may own that.");

    private static readonly ConfigurationKey<long> s_maxSize = new(
        "max_size_mib", new IntegerType<long>(QueueStorageOptions.LeastBytes >> 20, 1L << 24), "1024",
        "MiB of files that each exporter's queue may take.");

    private static readonly ConfigurationKey<FullPolicy> s_whenFull = new(
        "when_full", new ChoiceType<FullPolicy>(("drop_oldest", FullPolicy.DropOldest), ("refuse", FullPolicy.Refuse)), "drop_oldest",
        "What happens at that size: the oldest sixteenth is dropped (`evicted`), or what comes is refused once memory is full too.");

    private static readonly ConfigurationKey<FsyncPolicy> s_fsync = new(
        "fsync",
        new ChoiceType<FsyncPolicy>(("interval", FsyncPolicy.Interval), ("always", FsyncPolicy.Always), ("never", FsyncPolicy.Never)),
        "interval",
        "When the disk has to have what was written. It matters when the power fails; a killed receiver loses nothing written.");

    private static readonly ConfigurationKey<TimeSpan> s_fsyncInterval = new(
        "fsync_interval", new DurationType(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), "such as 200ms, from 10ms to 1m"),
        "200ms",
        "With `fsync: interval`, the time whose requests a power failure may lose.");

    private static readonly ConfigurationKey<long> s_replayRate = new(
        "replay_rate", new SizeType(0, 1L << 40, "a second such as 8MiB, or 0 for no limit"), "0",
        "Bytes a second at which requests are sent that waited for more than 5s. It has to be more than what comes in.");

    /// <summary>The section.</summary>
    public static readonly SectionType<QueueStorageOptions> Section = new(
        [s_directory, s_maxSize, s_whenFull, s_fsync, s_fsyncInterval, s_replayRate],
        static s => new QueueStorageOptions
        {
            Directory = s.Get(s_directory),
            MaxBytes = s.Get(s_maxSize) << 20,
            WhenFull = s.Get(s_whenFull),
            Fsync = s.Get(s_fsync),
            FsyncInterval = s.Get(s_fsyncInterval),
            ReplayRate = s.Get(s_replayRate),
        });
}

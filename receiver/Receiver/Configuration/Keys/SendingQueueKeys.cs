using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Section <c>sending_queue</c> of an OTLP exporter, with the Collector's keys and defaults and a bound of bytes besides.</summary>
internal static class SendingQueueKeys
{
    private static readonly ConfigurationKey<bool> s_enabled = new(
        "enabled", ValueTypes.Boolean, "true", "Whether requests may wait. If not, what comes while `num_consumers` are under way is dropped.");

    private static readonly ConfigurationKey<int> s_consumers = new(
        "num_consumers", new IntegerType<int>(1, 256), "10", "Requests that may be under way at a time. 1 keeps their order.");

    private static readonly ConfigurationKey<long> s_size = new(
        "queue_size", new IntegerType<long>(1, 1L << 40), "1000", "What may wait or be under way, in what `sizer` counts.");

    private static readonly ConfigurationKey<QueueSizer> s_sizer = new(
        "sizer",
        new ChoiceType<QueueSizer>(("requests", QueueSizer.Requests), ("items", QueueSizer.Items), ("bytes", QueueSizer.Bytes)),
        "requests", "The unit of `queue_size`.");

    private static readonly ConfigurationKey<long> s_maxBytes = new(
        "max_bytes", new SizeType(64 << 10, 4L << 30, "such as 16MiB, from 64KiB to 4GiB"), "16MiB",
        "Bytes of memory that may wait or be under way, whatever `sizer` counts.");

    private static readonly ConfigurationKey<bool> s_blockOnOverflow = new(
        "block_on_overflow", ValueTypes.Boolean, "false",
        "Wait for room and drop nothing here. All exporters and the reader of samples wait too: the loss moves to the kernel's buffers.");

    private static readonly ConfigurationKey<QueueStorageOptions?> s_storage = new(
        "storage", new OptionalSectionType<QueueStorageOptions>(StorageKeys.Section), null,
        "Keeps requests on disk until they are delivered, over a restart too. What `queue_size` and `max_bytes` bound is what is not written yet.");

    /// <summary>The key of the section.</summary>
    public static readonly ConfigurationKey<OtlpQueueOptions> Section = new(
        "sending_queue",
        new SectionType<OtlpQueueOptions>(
            [s_enabled, s_consumers, s_size, s_sizer, s_maxBytes, s_blockOnOverflow, s_storage],
            static s =>
            {
                var options = new OtlpQueueOptions
                {
                    Enabled = s.Get(s_enabled),
                    Consumers = s.Get(s_consumers),
                    Size = s.Get(s_size),
                    Sizer = s.Get(s_sizer),
                    MaxBytes = s.Get(s_maxBytes),
                    BlockOnOverflow = s.Get(s_blockOnOverflow),
                    Storage = s.Get(s_storage),
                };
                if (options is { Enabled: false, Storage: not null })
                    s.Report(s_storage, "there is no queue to store: sending_queue.enabled is false");
                return options;
            }),
        "{}", "What waits while requests are under way. What does not fit is counted as dropped.");
}

using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Section <c>retry_on_failure</c> of an OTLP exporter, with the Collector's keys and defaults.</summary>
internal static class RetryKeys
{
    private static readonly ConfigurationKey<bool> s_enabled =
        new("enabled", ValueTypes.Boolean, "true", "Whether requests are repeated that failed in a way that may pass.");

    private static readonly ConfigurationKey<TimeSpan> s_initialInterval =
        new("initial_interval", ValueTypes.Wait, "5s", "The wait before the first repetition.");

    private static readonly ConfigurationKey<double> s_randomizationFactor =
        new("randomization_factor", new NumberType(0, 1), "0.5", "The part of a wait by which it is longer or shorter at random.");

    private static readonly ConfigurationKey<double> s_multiplier =
        new("multiplier", new NumberType(1, 100), "1.5", "What each wait is multiplied by for the next.");

    private static readonly ConfigurationKey<TimeSpan> s_maxInterval =
        new("max_interval", ValueTypes.Wait, "30s", "The longest wait.");

    private static readonly ConfigurationKey<TimeSpan?> s_maxElapsedTime = new(
        "max_elapsed_time", new NullableType<TimeSpan>(ValueTypes.Wait), null,
        "After this time a request is given up and counted as expired. 0 never gives up. Left out: `5m`, but `0` with `sending_queue.storage`.");

    /// <summary>The key of the section.</summary>
    public static readonly ConfigurationKey<OtlpRetryOptions> Section = new(
        "retry_on_failure",
        new SectionType<OtlpRetryOptions>(
            [s_enabled, s_initialInterval, s_randomizationFactor, s_multiplier, s_maxInterval, s_maxElapsedTime],
            static s => new OtlpRetryOptions
            {
                Enabled = s.Get(s_enabled),
                InitialInterval = s.Get(s_initialInterval),
                RandomizationFactor = s.Get(s_randomizationFactor),
                Multiplier = s.Get(s_multiplier),
                MaxInterval = s.Get(s_maxInterval),
                MaxElapsedTime = s.Get(s_maxElapsedTime),
            }),
        "{}", "What happens to a request that failed.");
}

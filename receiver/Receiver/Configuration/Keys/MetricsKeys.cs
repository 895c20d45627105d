namespace EbpfReceiver.Configuration;

/// <summary>Section <c>metrics</c>.</summary>
internal static class MetricsKeys
{
    private static readonly ConfigurationKey<TimeSpan> s_interval = new(
        "interval", new DurationType(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), "such as 1s or 15s, from 100ms to 1h"), "15s",
        "How often the maps in the kernel are read and points are sent.");

    private static readonly ConfigurationKey<MetricTemporality> s_temporality = new(
        "temporality",
        new ChoiceType<MetricTemporality>(("cumulative", MetricTemporality.Cumulative), ("delta", MetricTemporality.Delta)), "cumulative",
        "Whether points carry totals or differences. The metrics page has totals either way.");

    public static readonly SectionType<MetricsConfiguration> Section = new(
        [s_interval, s_temporality],
        static s => new MetricsConfiguration { Interval = s.Get(s_interval), Temporality = s.Get(s_temporality) });
}

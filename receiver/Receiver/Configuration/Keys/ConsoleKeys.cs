namespace EbpfReceiver.Configuration;

/// <summary>Section <c>exporters.console</c>.</summary>
internal static class ConsoleKeys
{
    private static readonly ConfigurationKey<bool> s_events = new("events", ValueTypes.Boolean, "true", "Spans and log records, a line each.");

    private static readonly ConfigurationKey<bool> s_summary =
        new("summary", ValueTypes.Boolean, "true", "A summary of the metrics at every interval.");

    private static readonly ConfigurationKey<int> s_maxEventsPerSecond = new(
        "max_events_per_second", new IntegerType<int>(1, 100_000), "50",
        "Lines a second; what is above is counted, and a line says how much it was.");

    private static readonly ConfigurationKey<ColorChoice> s_color = new(
        "color",
        new ChoiceType<ColorChoice>(("auto", ColorChoice.Auto), ("always", ColorChoice.Always), ("never", ColorChoice.Never)),
        "auto", "Colours; `auto` uses them on a terminal unless `NO_COLOR` is set.");

    public static readonly SectionType<ConsoleExporterConfiguration> Section = new(
        [s_events, s_summary, s_maxEventsPerSecond, s_color],
        static s => new ConsoleExporterConfiguration
        {
            Events = s.Get(s_events),
            Summary = s.Get(s_summary),
            MaxEventsPerSecond = s.Get(s_maxEventsPerSecond),
            Color = s.Get(s_color),
        });
}

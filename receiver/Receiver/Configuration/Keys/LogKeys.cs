using Serilog.Events;

namespace EbpfReceiver.Configuration;

/// <summary>Section <c>log</c>.</summary>
internal static class LogKeys
{
    private static readonly ConfigurationKey<LogEventLevel> s_level = new("level", ValueTypes.LogLevel, "info", "The least level that is written.");

    private static readonly ConfigurationKey<LogFormat> s_format = new(
        "format", new ChoiceType<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)), "text",
        "Lines for people, or compact JSON, one object a line.");

    public static readonly SectionType<LogConfiguration> Section = new(
        [s_level, s_format], static s => new LogConfiguration { Level = s.Get(s_level), Format = s.Get(s_format) });
}

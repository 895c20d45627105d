using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace EbpfReceiver.Hosting;

/// <summary>
/// Loggers that write to Serilog. Each event's state is boxed before anything is done with it: compiled ahead of time, whatever is generic
/// over the state is there once for each of a hundred kinds of it.
/// </summary>
/// <param name="root">Where to; disposed with the factory.</param>
internal sealed class LogBridge(Logger root) : ILoggerFactory
{
    private const string OriginalFormat = "{OriginalFormat}";

    /// <summary>
    /// The server tells of its requests by this one. Where anything can be logged with it at all, it makes each request an activity and a scope
    /// that nobody looks at. So critical is enabled with it, which says nothing critical, only where its information is.
    /// </summary>
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Templates are literals, but for those of a library that makes them up; they are not kept beyond this number.</summary>
    private const int MaximumTemplates = 1000;

    private readonly ConcurrentDictionary<string, MessageTemplate> _templates = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) =>
        new BridgedLogger(this, root.ForContext(Constants.SourceContextPropertyName, categoryName), categoryName == Requests);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">All goes to Serilog.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log has one destination.");

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal,
    };

    private MessageTemplate TemplateOf(string text)
    {
        if (_templates.TryGetValue(text, out MessageTemplate? known)) return known;
        MessageTemplate made = new MessageTemplateParser().Parse(text);
        if (_templates.Count < MaximumTemplates) _templates.TryAdd(text, made);
        return made;
    }

    private void Write(Serilog.ILogger logger, LogEventLevel level, EventId id, object? state, Exception? exception)
    {
        string template = "{State:l}";
        var properties = new List<LogEventProperty>();
        if (state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            foreach ((string key, object? value) in values)
            {
                if (key == OriginalFormat && value is string format) template = format;
                else if (logger.BindProperty(key, value, destructureObjects: false, out LogEventProperty? property)) properties.Add(property);
            }
        }
        else if (logger.BindProperty("State", state?.ToString(), destructureObjects: false, out LogEventProperty? text))
        {
            properties.Add(text);
        }

        if (id.Id != 0 || id.Name is not null) properties.Add(new LogEventProperty("EventId", Describe(id)));
        logger.Write(new LogEvent(DateTimeOffset.Now, level, exception, TemplateOf(template), properties));
    }

    private static StructureValue Describe(EventId id)
    {
        var parts = new List<LogEventProperty>(2);
        if (id.Id != 0) parts.Add(new LogEventProperty("Id", new ScalarValue(id.Id)));
        if (id.Name is not null) parts.Add(new LogEventProperty("Name", new ScalarValue(id.Name)));
        return new StructureValue(parts);
    }

    private sealed class BridgedLogger(LogBridge bridge, Serilog.ILogger logger, bool ofRequests) : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) =>
            logLevel != LogLevel.None && logger.IsEnabled(ofRequests && logLevel == LogLevel.Critical ? LogEventLevel.Information : LevelOf(logLevel));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) bridge.Write(logger, LevelOf(logLevel), eventId, state, exception);
        }
    }
}

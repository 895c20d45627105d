using EbpfReceiver.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace EbpfReceiver.Tests.Hosting;

public sealed class LogBridgeTests : IDisposable
{
    private readonly RecordingSink _sink = new();
    private readonly LoggingLevelSwitch _level = new(LogEventLevel.Information);
    private readonly LogBridge _bridge;

    public LogBridgeTests() => _bridge = new LogBridge(new LoggerConfiguration().MinimumLevel.ControlledBy(_level).WriteTo.Sink(_sink).CreateLogger());

    [Fact]
    public void An_event_keeps_its_template_values_identity_and_exception()
    {
        Microsoft.Extensions.Logging.ILogger log = _bridge.CreateLogger("EbpfReceiver.Probes");
        var failure = new InvalidOperationException("gone");
        Action<Microsoft.Extensions.Logging.ILogger, string, int, Exception?> say =
            LoggerMessage.Define<string, int>(LogLevel.Warning, new EventId(7, "Detached"), "Probe {Probe} lost {Count:00} samples");
        say(log, "tcp", 3, failure);
        LogEvent seen = Assert.Single(_sink.Events);
        Assert.Equal((LogEventLevel.Warning, "Probe \"tcp\" lost 03 samples"), (seen.Level, seen.RenderMessage(null)));
        Assert.Equal("Probe {Probe} lost {Count:00} samples", seen.MessageTemplate.Text);
        Assert.Equal(("tcp", 3), (Scalar(seen, "Probe"), Scalar(seen, "Count")));
        Assert.Equal("EbpfReceiver.Probes", Scalar(seen, Constants.SourceContextPropertyName));
        Assert.Equal("{ Id: 7, Name: \"Detached\" }", seen.Properties["EventId"].ToString());
        Assert.Same(failure, seen.Exception);
        Assert.DoesNotContain("{OriginalFormat}", seen.Properties.Keys);
    }

    [Fact]
    public void The_level_may_change_and_counts_for_whoever_asks_before_it_speaks()
    {
        Microsoft.Extensions.Logging.ILogger log = _bridge.CreateLogger("x");
        Assert.Equal((false, true, false), (log.IsEnabled(LogLevel.Debug), log.IsEnabled(LogLevel.Information), log.IsEnabled(LogLevel.None)));
        log.LogDebug("not yet");
        _level.MinimumLevel = LogEventLevel.Verbose;
        log.LogTrace("now");
        log.LogCritical("{Braces} stay", "{these}");
        Assert.Equal(["now", "\"{these}\" stay"], _sink.Events.Select(e => e.RenderMessage(null)));
        Assert.Equal([LogEventLevel.Verbose, LogEventLevel.Fatal], _sink.Events.Select(e => e.Level));
    }

    [Fact]
    public void A_state_without_values_is_what_it_says()
    {
        _bridge.CreateLogger("x").Log(LogLevel.Error, default, new Version(1, 2), null, static (_, _) => "unused");
        LogEvent seen = Assert.Single(_sink.Events);
        Assert.Equal("1.2", seen.RenderMessage(null));
        Assert.DoesNotContain("EventId", seen.Properties.Keys);
    }

    public void Dispose() => _bridge.Dispose();

    private static object? Scalar(LogEvent logEvent, string name) => Assert.IsType<ScalarValue>(logEvent.Properties[name]).Value;

    private sealed class RecordingSink : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}

using EbpfReceiver.Configuration;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace EbpfReceiver.Hosting;

/// <summary>Makes the receiver's own log: on standard error, so that standard output stays the console view's.</summary>
internal static class LogFactory
{
    private const string LineTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static ILoggerFactory Create(LogConfiguration configuration, LogLevels levels)
    {
        levels.Set(configuration.Level);
        LoggerConfiguration log = new LoggerConfiguration()
            .MinimumLevel.ControlledBy(levels.Own)
            // The server and its gRPC layer tell of every request at information level.
            .MinimumLevel.Override("Microsoft", levels.Libraries)
            // A failure to listen is thrown as well, and said in a sentence by whoever started the server.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
            .MinimumLevel.Override("Grpc", levels.Libraries);
        log = configuration.Format == LogFormat.Json
            ? log.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
            : log.WriteTo.Console(
                outputTemplate: LineTemplate,
                formatProvider: System.Globalization.CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose,
                theme: Serilog.Sinks.SystemConsole.Themes.ConsoleTheme.None);
        return new LogBridge(log.CreateLogger());
    }
}

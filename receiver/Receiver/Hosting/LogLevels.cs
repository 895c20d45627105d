using Serilog.Core;
using Serilog.Events;

namespace EbpfReceiver.Hosting;

/// <summary>The least levels that are logged; they may change while the receiver runs.</summary>
internal sealed class LogLevels
{
    /// <summary>Of the receiver's own log.</summary>
    public LoggingLevelSwitch Own { get; } = new();

    /// <summary>Of the server and its gRPC layer, which say more than anyone wants to know unless something is looked for.</summary>
    public LoggingLevelSwitch Libraries { get; } = new();

    /// <summary>Sets both to what the configuration says.</summary>
    public void Set(LogEventLevel level)
    {
        Own.MinimumLevel = level;
        Libraries.MinimumLevel = level is <= LogEventLevel.Debug or > LogEventLevel.Warning ? level : LogEventLevel.Warning;
    }
}

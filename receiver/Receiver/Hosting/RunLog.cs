namespace EbpfReceiver.Hosting;

/// <summary>What the program says while it starts.</summary>
internal static partial class RunLog
{
    [LoggerMessage(110, LogLevel.Information, "{Line}")]
    public static partial void Said(ILogger log, string line);
}

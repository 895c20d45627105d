namespace EbpfReceiver.Services.Listeners;

/// <summary>What the log says of listeners. Secrets are in none of it.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(501, LogLevel.Information, "New certificates are in use, of {File}")]
    public static partial void CertificatesReloaded(ILogger log, string file);

    [LoggerMessage(502, LogLevel.Warning, "The certificates of before stay in use: {Reason}")]
    public static partial void CertificatesUnusable(ILogger log, string reason);

    [LoggerMessage(503, LogLevel.Information, "{Count} tokens are in use, of {File}")]
    public static partial void TokensReloaded(ILogger log, int count, string file);

    [LoggerMessage(504, LogLevel.Warning, "The tokens of before stay in use: {Reason}")]
    public static partial void TokensUnusable(ILogger log, string reason);

    [LoggerMessage(505, LogLevel.Warning, "{Endpoint} ({Key}) is open to the network {Lacking}")]
    public static partial void Exposed(ILogger log, string endpoint, string key, string lacking);
}

using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>What deliveries say. A streak of failures is said once, and so is its end.</summary>
internal static partial class DeliveryLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Outlet} cannot deliver {Signal} to {Endpoint} and retries: {Reason}")]
    public static partial void Retrying(ILogger logger, string outlet, string signal, string endpoint, string reason);

    [LoggerMessage(2, LogLevel.Information, "{Outlet} delivers to {Endpoint} again")]
    public static partial void Recovered(ILogger logger, string outlet, string endpoint);

    [LoggerMessage(3, LogLevel.Error, "{Outlet} dropped {Items} items of {Signal} ({Cause}): {Reason}")]
    public static partial void Dropped(ILogger logger, string outlet, int items, string signal, string cause, string reason);

    [LoggerMessage(4, LogLevel.Warning,
        "{Outlet}: the receiver of {Signal} took a request but rejected {Rejected} of {Items} items; counted from now on: {Reason}")]
    public static partial void PartialSuccess(ILogger logger, string outlet, string signal, long rejected, int items, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Outlet}: the receiver of {Signal} took a request and warns: {Reason}")]
    public static partial void Warned(ILogger logger, string outlet, string signal, string reason);

    [LoggerMessage(6, LogLevel.Error, "{Outlet} failed to send {Items} items of {Signal}")]
    public static partial void Failed(ILogger logger, Exception exception, string outlet, int items, string signal);

    [LoggerMessage(8, LogLevel.Information, "{Outlet} read the files of its TLS again and connects anew with them")]
    public static partial void TlsReloaded(ILogger logger, string outlet);

    [LoggerMessage(9, LogLevel.Warning, "{Outlet} can't read the changed files of its TLS and goes on with what they were: {Reason}")]
    public static partial void TlsNotReloaded(ILogger logger, string outlet, string reason);

    [LoggerMessage(7, LogLevel.Warning, "{Outlet} was stopped before {Batches} queued batches were delivered")]
    public static partial void Abandoned(ILogger logger, string outlet, long batches);
}

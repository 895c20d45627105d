namespace EbpfReceiver.Services.Listeners;

/// <summary>Files of a listener's <c>tls</c> can't be used; the message names them and says why.</summary>
public sealed class TlsFilesException(string message, Exception reason) : Exception(message, reason);

namespace EbpfReceiver.Otlp;

/// <summary>A file of an <see cref="OtlpTlsOptions"/> can't be used; the message names it by key and path and says why.</summary>
public sealed class TlsFileException(string message, Exception? inner = null) : Exception(message, inner);

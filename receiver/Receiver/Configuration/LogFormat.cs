namespace EbpfReceiver.Configuration;

/// <summary>How the receiver's own log is written.</summary>
public enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>Compact JSON, one object a line.</summary>
    Json,
}

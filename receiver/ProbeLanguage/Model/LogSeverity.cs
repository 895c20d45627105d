namespace EbpfReceiver.ProbeLanguage;

/// <summary>How bad a log record is; the values are OTLP's severity numbers.</summary>
public enum LogSeverity
{
    /// <summary>TRACE.</summary>
    Trace = 1,

    /// <summary>DEBUG.</summary>
    Debug = 5,

    /// <summary>INFO.</summary>
    Info = 9,

    /// <summary>WARN.</summary>
    Warn = 13,

    /// <summary>ERROR.</summary>
    Error = 17,

    /// <summary>FATAL.</summary>
    Fatal = 21,
}

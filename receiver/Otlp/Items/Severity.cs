namespace EbpfReceiver.Otlp;

/// <summary>Severity of a log record; the lowest number of each range of <c>SeverityNumber</c>.</summary>
public enum Severity : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Finest detail.</summary>
    Trace = 1,

    /// <summary>For debugging.</summary>
    Debug = 5,

    /// <summary>Something happened.</summary>
    Info = 9,

    /// <summary>Something that may need a look.</summary>
    Warn = 13,

    /// <summary>Something went wrong.</summary>
    Error = 17,

    /// <summary>Something crashed.</summary>
    Fatal = 21,
}

namespace EbpfReceiver.Services;

/// <summary>Why a request, or a connection, was refused.</summary>
public enum RefusalCause
{
    /// <summary>It is not what it says it is.</summary>
    Malformed,

    /// <summary>Its content type, encoding or method is none that is understood.</summary>
    Unsupported,

    /// <summary>It is larger than is allowed, as it came or decompressed.</summary>
    TooLarge,

    /// <summary>It did not come in time.</summary>
    TooSlow,

    /// <summary>Every queue behind the endpoint is full.</summary>
    QueueFull,

    /// <summary>The requests that are being handled take as much as they may.</summary>
    InFlight,

    /// <summary>The process has reached its memory limit.</summary>
    Memory,

    /// <summary>It has no token that is known.</summary>
    Unauthenticated,

    /// <summary>Its sender may not do this.</summary>
    Forbidden,

    /// <summary>There are as many connections as there may be.</summary>
    Connections,
}

namespace EbpfReceiver.Otlp;

/// <summary>How a span's operation ended; values of <c>Status.StatusCode</c>.</summary>
public enum StatusCode : byte
{
    /// <summary>Not told, which is the rule for what went well.</summary>
    Unset = 0,

    /// <summary>Declared successful by its author.</summary>
    Ok = 1,

    /// <summary>It failed.</summary>
    Error = 2,
}

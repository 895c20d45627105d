namespace EbpfReceiver.Otlp;

/// <summary>Which side of an operation a span is; values of <c>Span.SpanKind</c>.</summary>
public enum SpanKind : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Within one program.</summary>
    Internal = 1,

    /// <summary>Serves a remote request.</summary>
    Server = 2,

    /// <summary>Waits for a remote answer.</summary>
    Client = 3,

    /// <summary>Hands a message over and does not wait.</summary>
    Producer = 4,

    /// <summary>Processes a message.</summary>
    Consumer = 5,
}

namespace EbpfReceiver.Otlp;

/// <summary>What the size of a queue is counted in.</summary>
public enum QueueSizer : byte
{
    /// <summary>Batches: each is one request.</summary>
    Requests,

    /// <summary>Spans, log records, data points, profiles.</summary>
    Items,

    /// <summary>Bytes of requests, before compression.</summary>
    Bytes,
}

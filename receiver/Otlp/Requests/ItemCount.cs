namespace EbpfReceiver.Otlp;

/// <summary>Items of a request, counted while its envelope is walked.</summary>
internal struct ItemCount
{
    /// <summary>Spans, data points, log records or profiles.</summary>
    public int Items;

    /// <summary>Those of them that the protocol calls invalid (<see cref="InvalidItems"/>).</summary>
    public int Invalid;
}

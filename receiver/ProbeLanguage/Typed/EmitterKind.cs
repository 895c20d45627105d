namespace EbpfReceiver.ProbeLanguage;

/// <summary>What becomes of a hit.</summary>
public enum EmitterKind
{
    /// <summary>Hits are counted, or amounts that are never negative added up.</summary>
    Counter,

    /// <summary>Amounts are added up; unsigned, monotonic.</summary>
    Sum,

    /// <summary>Amounts of either sign are added up.</summary>
    UpDown,

    /// <summary>The last, least or greatest value.</summary>
    Gauge,

    /// <summary>A distribution.</summary>
    Histogram,

    /// <summary>As a counter or sum, of which only the largest series are told.</summary>
    TopK,

    /// <summary>A span from start to end.</summary>
    Span,

    /// <summary>A log record.</summary>
    Log,
}

namespace EbpfReceiver.Configuration;

/// <summary>What the points of counters and histograms carry.</summary>
public enum MetricTemporality
{
    /// <summary>Totals since the start of the series.</summary>
    Cumulative,

    /// <summary>What came since the point before.</summary>
    Delta,
}

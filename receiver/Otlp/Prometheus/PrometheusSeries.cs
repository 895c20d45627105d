namespace EbpfReceiver.Otlp;

/// <summary>The last state of one series.</summary>
internal sealed class PrometheusSeries(string labels)
{
    /// <summary>The text between the braces; empty for none.</summary>
    public string Labels { get; } = labels;

    /// <summary>When it was last heard of, as a timestamp of the clock.</summary>
    public long SeenAt { get; set; }

    /// <summary>When its last point was read, in nanoseconds since 1970.</summary>
    public ulong TimeUnixNano { get; set; }

    /// <summary>The value of a counter or gauge.</summary>
    public double Value { get; set; }

    /// <summary>The value as an integer, exact beyond 2^53.</summary>
    public long Integer { get; set; }

    /// <summary>Whether <see cref="Integer"/> holds.</summary>
    public bool IsInteger { get; set; }

    /// <summary>Upper bounds of a histogram without infinity, or the quantiles of a summary.</summary>
    public double[] Bounds { get; set; } = [];

    /// <summary>Values in each bucket of a histogram, infinity's last; not cumulative.</summary>
    public ulong[] Counts { get; set; } = [];

    /// <summary>Values of the quantiles of a summary.</summary>
    public double[] Quantiles { get; set; } = [];

    /// <summary>The sum of a histogram or summary.</summary>
    public double Sum { get; set; }

    /// <summary>Whether there is a sum.</summary>
    public bool HasSum { get; set; }

    /// <summary>Values in a summary.</summary>
    public ulong Count { get; set; }
}

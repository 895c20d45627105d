namespace EbpfReceiver.Otlp;

/// <summary>How long to wait between attempts, and for how long to try.</summary>
public sealed record OtlpRetryOptions
{
    /// <summary>Whether to retry at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The first wait, before jitter.</summary>
    public TimeSpan InitialInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The part of a wait by which it is made longer or shorter at random, [0, 1], so that clients do not come back all at once.</summary>
    public double RandomizationFactor { get; init; } = 0.5;

    /// <summary>What each wait is multiplied by for the next; at least 1.</summary>
    public double Multiplier { get; init; } = 1.5;

    /// <summary>The longest wait, before jitter.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A batch is given up when the next attempt would be later than this after the first. Zero: never. Null: after five minutes, but
    /// never when there is a queue on disk, which is there to outlast the other side's absence.
    /// </summary>
    public TimeSpan? MaxElapsedTime { get; init; }

    internal TimeSpan GivesUpAfter => MaxElapsedTime ?? TimeSpan.FromMinutes(5);
}

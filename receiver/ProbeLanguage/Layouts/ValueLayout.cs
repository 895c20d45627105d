namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Where things are in the value of a series; -1: it has none. All are 8 bytes, in the machine's order, except for the buckets. What is
/// counted is weighted: a hit that stands for 2^n of them (<see cref="CompiledProbe.ThrottleMap"/>) counts so many.
/// </summary>
public sealed record ValueLayout
{
    /// <summary>Bytes of the value.</summary>
    public required int Size { get; init; }

    /// <summary>Values recorded; 0: nothing yet, and minimum, maximum and last are not valid.</summary>
    public int CountOffset { get; init; } = -1;

    /// <summary>Sum of the values, wrapping in 64 bits; i64 where <see cref="BoundEmitter.IsSigned"/>.</summary>
    public int SumOffset { get; init; } = -1;

    /// <summary>The least value.</summary>
    public int MinimumOffset { get; init; } = -1;

    /// <summary>The greatest value.</summary>
    public int MaximumOffset { get; init; } = -1;

    /// <summary>The last value.</summary>
    public int LastOffset { get; init; } = -1;

    /// <summary>Buckets of a histogram.</summary>
    public BucketLayout? Buckets { get; init; }
}

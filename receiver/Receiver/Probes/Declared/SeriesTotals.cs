namespace EbpfReceiver.Probes.Declared;

/// <summary>All that a series ever recorded, whatever became of the entries of the map that it was recorded in.</summary>
/// <param name="buckets">Buckets of a histogram; 0 for others.</param>
internal sealed class SeriesTotals(int buckets)
{
    /// <summary>Values recorded.</summary>
    public ulong Count { get; set; }

    /// <summary>Sum of the values, wrapping.</summary>
    public ulong Sum { get; set; }

    /// <summary>Values in the zero bucket.</summary>
    public ulong Zero { get; set; }

    /// <summary>Values below zero.</summary>
    public ulong Negative { get; set; }

    /// <summary>Buckets.</summary>
    public ulong[] Buckets { get; } = new ulong[buckets];

    /// <summary>Takes the place of what was here.</summary>
    public void CopyFrom(SeriesTotals other)
    {
        (Count, Sum, Zero, Negative) = (other.Count, other.Sum, other.Zero, other.Negative);
        other.Buckets.CopyTo(Buckets, 0);
    }

    /// <summary>Takes what another has.</summary>
    public void Add(SeriesTotals other)
    {
        Count += other.Count;
        Sum += other.Sum;
        Zero += other.Zero;
        Negative += other.Negative;
        for (int i = 0; i < Buckets.Length; i++) Buckets[i] += other.Buckets[i];
    }

    /// <summary>What came since an earlier state.</summary>
    public SeriesTotals Since(SeriesTotals before)
    {
        var difference = new SeriesTotals(Buckets.Length)
        {
            Count = Count - before.Count,
            Sum = Sum - before.Sum,
            Zero = Zero - before.Zero,
            Negative = Negative - before.Negative,
        };
        for (int i = 0; i < Buckets.Length; i++) difference.Buckets[i] = Buckets[i] - before.Buckets[i];
        return difference;
    }
}

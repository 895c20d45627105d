using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Buckets of the kernel as buckets with inclusive upper bounds, which is what OTLP has. Values are whole numbers, so that [4, 8) is (3, 7].
/// </summary>
internal static class BucketBounds
{
    /// <summary>Upper bounds in the unit of the recorded value, ascending; none for exponential buckets.</summary>
    public static IReadOnlyList<long> Of(BucketLayout layout)
    {
        switch (layout.Shape)
        {
            case ExplicitShape shape:
                return shape.Bounds;
            case LinearShape linear:
                long steps = (linear.Maximum - linear.Minimum) / linear.Step;
                long[] bounds = new long[steps + 1];
                for (int i = 0; i < bounds.Length; i++) bounds[i] = linear.Minimum + i * linear.Step - 1;
                return bounds;
            case PowersOfTwoShape:
                // Negative values, zero, then powers of two; the last has no upper bound.
                long[] powers = new long[layout.Count + 1];
                powers[0] = -1;
                for (int i = 1; i < powers.Length; i++) powers[i] = i == 64 ? long.MaxValue : (1L << (i - 1)) - 1;
                return powers;
            default:
                return [];
        }
    }

    /// <summary>Counts by those bounds: one more than there are bounds.</summary>
    public static void Fill(BucketLayout layout, SeriesTotals totals, Span<ulong> counts)
    {
        if (layout.Shape is PowersOfTwoShape)
        {
            counts[0] = totals.Negative;
            counts[1] = totals.Zero;
            totals.Buckets.CopyTo(counts[2..]);
            return;
        }

        counts.Clear();
        totals.Buckets.CopyTo(counts);
        counts[0] += totals.Negative;
    }
}

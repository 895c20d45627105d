using System.Numerics;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Constants of exponential histograms.</summary>
internal static class HistogramTicks
{
    /// <summary>Durations of at most 2^10 ticks of 2^-30 s (0.95 us) are counted as zero.</summary>
    public const int FirstOctave = 10;

    /// <summary>Durations over 2^40 ticks (1024 s) are in the last bucket.</summary>
    public const int Octaves = 30;

    /// <summary>A second has 2^30 ticks and 10^9 ns: n ns are n * 2^21 / 5^9 ticks.</summary>
    public const int TicksShift = 21;

    /// <summary>5^9</summary>
    public const int TicksDivisor = 1953125;

    /// <summary>
    /// The bounds within an octave whose lower end is 2^63: the integer parts of 2^(63 + k / 2^scale), k from 0. An integer is above such a
    /// bound if it is above its integer part, so comparing with these is exact.
    /// </summary>
    public static ulong[] Mantissas(int scale)
    {
        var bounds = new ulong[1 << scale];
        for (var k = 0; k < bounds.Length; k++)
        {
            // The root of 2^(63 * 2^scale + k), by square roots: rounding down in between does not change the integer part at the end.
            var root = BigInteger.One << ((63 << scale) + k);
            for (var i = 0; i < scale; i++)
                root = SquareRoot(root);
            bounds[k] = (ulong)root;
        }
        return bounds;
    }

    private static BigInteger SquareRoot(BigInteger value)
    {
        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + value / root) >> 1;
            if (next >= root)
                return root;
            root = next;
        }
    }
}

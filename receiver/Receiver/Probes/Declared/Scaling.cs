namespace EbpfReceiver.Probes.Declared;

/// <summary>Brings recorded values into the unit of their metric.</summary>
internal static class Scaling
{
    /// <summary>Whether values are in the unit already.</summary>
    public static bool IsNone(double scale) => scale == 1;

    /// <summary>A value in the unit. Through decimal numbers: 1000000 ns are 0.001 s, and not the double next to it.</summary>
    public static double Of(long value, bool signed, double scale) =>
        IsNone(scale)
            ? signed ? value : (ulong)value
            : (double)((signed ? value : (decimal)(ulong)value) * (decimal)scale);
}

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Bounds of what a probe keeps in the kernel; null is "not written".</summary>
/// <param name="Series">Most series of an emitter; what comes beyond is added up in one overflow series, and counted.</param>
/// <param name="TimeToLive">How long a series is kept without a change.</param>
/// <param name="Pairs">Most starts that wait for their ends; only of a probe.</param>
public sealed record LimitsDefinition(int? Series, TimeSpan? TimeToLive, int? Pairs = null)
{
    /// <summary>Series of an emitter that names no limit.</summary>
    public const int DefaultSeries = 1024;

    /// <summary>Starts under way of a probe that names no limit.</summary>
    public const int DefaultPairs = 8192;

    /// <summary>Most of either that may be asked for.</summary>
    public const int Most = 1 << 20;

    /// <summary>Nothing was written.</summary>
    public static LimitsDefinition None { get; } = new(null, null);
}

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Why a hit was not recorded as it was meant to be.</summary>
public enum LossCause
{
    /// <summary>Not lost, but in the overflow series: the map of series was full.</summary>
    SeriesOverflow,

    /// <summary>The samples' rate was reached.</summary>
    RateLimited,

    /// <summary>The perf buffer was full, or refused the sample. sample_counters has these as well.</summary>
    SampleFailed,

    /// <summary>The probe's rate was reached.</summary>
    ProbeRateLimited,

    /// <summary>A start found the start of the same key still waiting, and took its place.</summary>
    UnmatchedStart,

    /// <summary>
    /// An end had no start: it began before the probe, or there was no room for it. Not counted where starts are sampled, or filtered by
    /// what the end does not see.
    /// </summary>
    UnmatchedEnd,

    /// <summary>There was no room for a start.</summary>
    StartsFull,

    /// <summary>The memory for large objects was in use on that CPU, by a program that this one interrupted.</summary>
    ScratchBusy,

    /// <summary>The value was below zero, and the counter or sum that it was meant for never falls.</summary>
    NegativeValue,
}

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The map of starts that wait for their end.</summary>
/// <remarks>
/// A hash, so that none vanishes unseen: user space deletes what waited too long (its time against CLOCK_MONOTONIC) and counts it.
/// </remarks>
/// <param name="MapName">Name of the map.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of a value.</param>
/// <param name="TimeOffset">Of the start's time in the value: u64, ns of CLOCK_MONOTONIC.</param>
public sealed record StartsLayout(string MapName, int KeySize, int ValueSize, int TimeOffset);

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A counter of losses: u64 in the one entry of a per-CPU array.</summary>
/// <param name="Cause">What it counts.</param>
/// <param name="Emitter">Index of the emitter that it is about; -1: the probe as a whole.</param>
/// <param name="Offset">Bytes from the start of the value.</param>
public sealed record LossCounter(LossCause Cause, int Emitter, int Offset);

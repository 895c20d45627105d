namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a decoder may need beside the value.</summary>
/// <param name="Pid">The process that the value comes from, for addresses in its memory; 0 if it is not known.</param>
public readonly record struct DecodingContext(int Pid);

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The part of a loaded integer that a bit field is.</summary>
/// <param name="Shift">Bits below it in the loaded integer (little-endian machines number from the lowest).</param>
/// <param name="Width">Its bits, below 64.</param>
public readonly record struct BitField(int Shift, int Width);

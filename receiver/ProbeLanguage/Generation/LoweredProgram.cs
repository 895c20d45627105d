namespace EbpfReceiver.ProbeLanguage;

/// <summary>A program on virtual registers.</summary>
/// <param name="Code">The code.</param>
/// <param name="Sets">Sets that it asks.</param>
/// <param name="ScratchSize">Bytes of scratch memory that it uses.</param>
internal sealed record LoweredProgram(IrBuilder Code, IReadOnlyCollection<string> Sets, int ScratchSize);

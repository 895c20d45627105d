namespace EbpfReceiver.ProbeLanguage;

/// <summary>At the end of a pair: a value that was taken at its start.</summary>
/// <param name="Index">Index into <see cref="BoundProgram.Captures"/> of the start, and <see cref="BoundProbe.CaptureTypes"/>.</param>
/// <param name="Type">Its type.</param>
public sealed record CapturedValue(int Index, ProbeType Type) : TypedExpression(Type);

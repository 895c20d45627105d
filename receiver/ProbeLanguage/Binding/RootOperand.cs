namespace EbpfReceiver.ProbeLanguage;

/// <summary>A name that has no value by itself but fields: <c>args</c>, <c>ctx</c>, <c>ns</c>, <c>start</c>, <c>end</c>.</summary>
/// <param name="Name">The name.</param>
internal sealed record RootOperand(string Name) : Operand;

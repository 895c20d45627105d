namespace EbpfReceiver.ProbeLanguage;

/// <summary>An array or text in a tracepoint's record.</summary>
/// <param name="Field">The field.</param>
internal sealed record RecordOperand(TracepointField Field) : Operand;

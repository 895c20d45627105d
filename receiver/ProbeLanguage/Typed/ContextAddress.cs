namespace EbpfReceiver.ProbeLanguage;

/// <summary>An address within the context: of text that a tracepoint's record holds (<c>char comm[16]</c>, <c>__data_loc</c>).</summary>
/// <param name="Offset">Bytes from the start of the context: a constant, or for <c>__data_loc</c> computed.</param>
public sealed record ContextAddress(TypedExpression Offset) : TypedExpression(ProbeType.U64);

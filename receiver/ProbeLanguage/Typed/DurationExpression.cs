namespace EbpfReceiver.ProbeLanguage;

/// <summary>At the end of a pair: ns since its start, u64.</summary>
public sealed record DurationExpression() : TypedExpression(ProbeType.U64);

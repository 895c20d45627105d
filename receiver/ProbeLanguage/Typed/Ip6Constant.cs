namespace EbpfReceiver.ProbeLanguage;

/// <summary>An IPv6 address.</summary>
/// <param name="Value">Its sixteen bytes as a big-endian number.</param>
public sealed record Ip6Constant(UInt128 Value) : TypedExpression(ProbeType.Ip6);

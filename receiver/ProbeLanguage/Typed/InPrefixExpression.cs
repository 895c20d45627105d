namespace EbpfReceiver.ProbeLanguage;

/// <summary>Whether an address is in one of some ranges.</summary>
/// <param name="Value">An IPv4 or IPv6 address.</param>
/// <param name="Prefixes">Ranges of the same family.</param>
public sealed record InPrefixExpression(TypedExpression Value, IReadOnlyList<IpPrefix> Prefixes) : TypedExpression(ProbeType.Boolean);

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Whether a value is in a set that user space keeps while the probe runs: process ids of a scope that come and go, cgroups of a
/// container.
/// </summary>
/// <param name="Value">A scalar.</param>
/// <param name="Set">Name of the set: letters, digits and underscores; <see cref="CompiledProbe.Sets"/> has its map.</param>
public sealed record InSetExpression(TypedExpression Value, string Set) : TypedExpression(ProbeType.Boolean);

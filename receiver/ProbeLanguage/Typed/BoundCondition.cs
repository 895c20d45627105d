namespace EbpfReceiver.ProbeLanguage;

/// <summary>Something that must hold, or a hit is not recorded: a conjunct of <c>where</c>, or a filter of <c>scope</c>.</summary>
/// <param name="Expression">A boolean.</param>
/// <param name="Source">The line it is written in.</param>
public sealed record BoundCondition(TypedExpression Expression, SourceText Source);

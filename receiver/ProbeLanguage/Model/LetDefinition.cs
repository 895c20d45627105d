namespace EbpfReceiver.ProbeLanguage;

/// <summary>A name for an expression.</summary>
/// <param name="Name">The name.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Location">Where the name stands.</param>
public sealed record LetDefinition(string Name, ExpressionSource Expression, SourceLocation Location);

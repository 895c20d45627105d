namespace EbpfReceiver.ProbeLanguage;

/// <summary>A map of a one-liner: <c>@start[tid]</c>. Importers replace it; expressions of probe files have none.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Name">The name, without the @; may be empty.</param>
/// <param name="Keys">What is between the brackets.</param>
public sealed record MapSyntax(TextSpan Span, string Name, IReadOnlyList<ExpressionSyntax> Keys) : ExpressionSyntax(Span);

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A statement of a clause.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions of the ifs around it, all of which hold; null for none.</param>
internal abstract record BpftraceStatement(TextSpan Span, ExpressionSyntax? When);

/// <summary><c>@name[keys] = function(arguments)</c>: an aggregation.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions around it.</param>
/// <param name="Map">The map.</param>
/// <param name="Function">count, sum, avg, min, max, stats, hist or lhist.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record BpftraceAggregation(
    TextSpan Span, ExpressionSyntax? When, MapSyntax Map, string Function, IReadOnlyList<ExpressionSyntax> Arguments) : BpftraceStatement(Span, When);

/// <summary><c>@name[keys] = value</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions around it.</param>
/// <param name="Map">The map.</param>
/// <param name="Value">The value.</param>
internal sealed record BpftraceAssignment(TextSpan Span, ExpressionSyntax? When, MapSyntax Map, ExpressionSyntax Value) : BpftraceStatement(Span, When);

/// <summary><c>$name = value</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions around it.</param>
/// <param name="Name">The name, with the $.</param>
/// <param name="Value">The value.</param>
internal sealed record BpftraceVariable(TextSpan Span, ExpressionSyntax? When, string Name, ExpressionSyntax Value) : BpftraceStatement(Span, When);

/// <summary><c>printf("format", arguments)</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions around it.</param>
/// <param name="Format">The format.</param>
/// <param name="FormatSpan">The text of the format.</param>
/// <param name="Arguments">What fills it.</param>
internal sealed record BpftracePrint(
    TextSpan Span, ExpressionSyntax? When, string Format, TextSpan FormatSpan, IReadOnlyList<ExpressionSyntax> Arguments) : BpftraceStatement(Span, When);

/// <summary><c>delete(@name[keys])</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions around it.</param>
/// <param name="Map">The map, without keys where all of it is meant.</param>
internal sealed record BpftraceDeletion(TextSpan Span, ExpressionSyntax? When, MapSyntax Map) : BpftraceStatement(Span, When);

/// <summary><c>exit()</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="When">The conditions around it.</param>
internal sealed record BpftraceExit(TextSpan Span, ExpressionSyntax? When) : BpftraceStatement(Span, When);

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What the clauses of a program do with its maps. One map is one table, whichever clauses record in it, so they have to agree.</summary>
/// <param name="source">The program.</param>
/// <param name="pairs">The clauses of which one notes something for another.</param>
internal sealed class BpftraceMaps(BpftraceSource source, IReadOnlyList<BpftracePair> pairs)
{
    private readonly Dictionary<string, (BpftraceStatement Statement, MapSyntax Map)> _first = new(StringComparer.Ordinal);

    /// <summary>Refuses maps that mean different things in different places.</summary>
    /// <exception cref="ExpressionSyntaxException">There is one.</exception>
    public void Check(IReadOnlyList<BpftraceClause> clauses)
    {
        foreach ((BpftraceClause clause, BpftraceStatement statement) in clauses.SelectMany(c => c.Statements.Select(s => (c, s))))
        {
            MapSyntax? map = (statement as BpftraceAggregation)?.Map ?? (statement as BpftraceAssignment)?.Map;
            if (map is null)
                continue;
            if (pairs.FirstOrDefault(p => p.Notes.Any(n => n.Map.Name == map.Name)) is { } pair)
                CheckNote(clause, statement, map, pair);
            else if (_first.TryGetValue(map.Name, out (BpftraceStatement Statement, MapSyntax Map) first))
                CheckSame(first.Statement, statement, first.Map, map);
            else
                _first.Add(map.Name, (statement, map));
        }
    }

    /// <summary>Whether a statement at the end of a pair forgets what the start noted.</summary>
    public static bool IsReset(BpftraceStatement statement, BpftracePair pair) =>
        statement is BpftraceAssignment { Value: NumberSyntax { Value: 0 } } reset && pair.Notes.Any(n => n.Map.Name == reset.Map.Name);

    private void CheckNote(BpftraceClause clause, BpftraceStatement statement, MapSyntax map, BpftracePair pair)
    {
        if (pairs.Any(p => p.Notes.Contains(statement) || (p.End == clause && IsReset(statement, p))))
            return;
        SourceLocation noted = source.LocationOf(pair.Notes[0].Map.Span.Start);
        throw new ExpressionSyntaxException(
            map.Span, $"@{map.Name} is noted for the end of a pair at {noted.Line}:{noted.Column} already, and is noted in one clause only, whose probes are separated by commas");
    }

    private static void CheckSame(BpftraceStatement first, BpftraceStatement next, MapSyntax firstMap, MapSyntax map)
    {
        string name = $"@{map.Name}";
        if (firstMap.Keys.Count != map.Keys.Count)
            throw new ExpressionSyntaxException(map.Span, $"{name} has a key of {map.Keys.Count} parts here and of {firstMap.Keys.Count} before; each map has one kind of key");
        string before = FunctionOf(first), here = FunctionOf(next);
        if (before != here)
            throw new ExpressionSyntaxException(map.Span, $"{name} is {here} here and {before} before; give one of them another name");
        if (next is BpftraceAssignment)
            throw new ExpressionSyntaxException(map.Span, $"{name} is given a value in two places, and which came last is not known; @x = condition ? a : b gives it in one");
        if (first is BpftraceAggregation { Function: "lhist" } a && next is BpftraceAggregation b && !SyntaxRewriter.SaysTheSame([.. a.Arguments.Skip(1)], [.. b.Arguments.Skip(1)]))
            throw new ExpressionSyntaxException(map.Span, $"{name} has other buckets here than before; give one of them another name");
    }

    private static string FunctionOf(BpftraceStatement statement) => statement switch
    {
        BpftraceAggregation { Function: "updown" } => "count()", // @x++ and @x += n are of one kind
        BpftraceAggregation aggregation => $"{aggregation.Function}()",
        _ => "a value",
    };
}

using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Clauses to probes. A clause that notes the time in a map and one that takes the difference become one probe, a pair.</summary>
internal sealed class BpftraceTranslator(BpftraceSource source)
{
    private const string StartCondition = "started";

    public IReadOnlyList<ProbeDefinition> Translate(List<BpftraceClause> clauses)
    {
        var probes = new List<ProbeDefinition>();
        var pairs = FindPairs(clauses);
        new BpftraceMaps(source, pairs).Check(clauses);
        foreach (BpftraceClause clause in clauses)
        {
            if (pairs.FirstOrDefault(p => p.End == clause) is { } pair)
            {
                probes.Add(TranslatePair(pair, probes.Count));
                continue;
            }

            // What a start does besides is a probe of its own.
            BpftracePair[] started = [.. pairs.Where(p => p.Start == clause)];
            BpftraceStatement[] own = [.. clause.Statements.Where(s => s is not BpftraceDeletion && !started.Any(p => p.Notes.Contains(s)))];
            if (started.Length > 0 && own.All(s => s is BpftraceVariable))
                continue;
            if (own.Length == 0)
                throw Refused(clause.Span, "this clause records nothing");
            probes.Add(TranslateSingle(clause, own, probes.Count));
        }

        return probes;
    }

    private List<BpftracePair> FindPairs(List<BpftraceClause> clauses)
    {
        var pairs = new List<BpftracePair>();
        foreach (BpftraceClause end in clauses)
        {
            MapSyntax[] read = [.. MapsReadBy(end)];
            if (read.Length == 0)
                continue;
            foreach (BpftraceClause start in clauses)
            {
                if (start == end)
                    continue;
                BpftraceAssignment[] notes = [.. start.Statements.OfType<BpftraceAssignment>().Where(a => read.Any(r => r.Name == a.Map.Name))];
                if (notes.Length == 0)
                    continue;
                if (notes.Any(n => !SyntaxRewriter.SaysTheSame(n.Map.Keys, notes[0].Map.Keys)))
                    throw Refused(notes[^1].Map.Span, "what a start notes for one end has one key");
                if (notes.FirstOrDefault(n => n.When is not null) is { } within)
                    throw Refused(within.Span, "a note within an if is not taken; put the condition into the predicate");
                pairs.Add(new(start, end, notes));
                break;
            }
        }

        return pairs;
    }

    private static IEnumerable<MapSyntax> MapsReadBy(BpftraceClause clause)
    {
        var found = new List<MapSyntax>();
        void Collect(ExpressionSyntax? expression)
        {
            if (expression is null)
                return;
            SyntaxRewriter.Rewrite(expression, part =>
            {
                if (part is MapSyntax map)
                    found.Add(map);
                return null;
            });
        }

        Collect(clause.Predicate);
        foreach (BpftraceStatement statement in clause.Statements)
        {
            Collect(statement.When);
            foreach (ExpressionSyntax part in PartsOf(statement))
                Collect(part);
        }

        return found;
    }

    private static IEnumerable<ExpressionSyntax> PartsOf(BpftraceStatement statement) => statement switch
    {
        BpftraceAggregation aggregation => [.. aggregation.Map.Keys, .. aggregation.Arguments],
        BpftraceAssignment assignment => [.. assignment.Map.Keys, assignment.Value],
        BpftraceVariable variable => [variable.Value],
        BpftracePrint print => print.Arguments,
        _ => [],
    };

    private ProbeDefinition TranslateSingle(BpftraceClause clause, BpftraceStatement[] statements, int index)
    {
        ExpressionSource Rewritten(ExpressionSyntax syntax) => source.Expression(Unmapped(syntax, null));
        (ExpressionSyntax? predicate, ScopeDefinition? scope) = BpftraceScope.Take(clause.Predicate, source);
        return new()
        {
            Name = NameOf(index),
            Location = source.LocationOf(clause.Span.Start),
            On = EventsOf(clause),
            Scope = scope,
            Where = predicate is null ? null : Rewritten(predicate),
            Let = [.. Variables(statements, Rewritten)],
            Emit = Emitters(statements, Rewritten, clause),
        };
    }

    // The result of a function is known at its return, wherever it is asked for: with arguments beside it, it takes both ends.
    private ProbeEvents EventsOf(BpftraceClause clause)
    {
        SourceLocation location = source.LocationOf(clause.Span.Start);
        if (!Mentions(clause, n => n is "retval") || !clause.Hooks.All(h => h.Kind is HookKind.Kprobe or HookKind.Fentry or HookKind.Uprobe))
            return new([], [new(clause.Hooks, location)], location);
        HookReference[] returns =
        [
            .. clause.Hooks.Select(h => h with
            {
                Kind = h.Kind switch { HookKind.Kprobe => HookKind.Kretprobe, HookKind.Fentry => HookKind.Fexit, _ => HookKind.Uretprobe },
            }),
        ];
        bool needsStart = clause.Hooks.Any(h => h.Kind != HookKind.Fentry) && Mentions(clause, n => n == "args" || BuiltinNames.IsArgument(n));
        return needsStart ? new([new(clause.Hooks, location)], [new(returns, location)], location) : new([], [new(returns, location)], location);
    }

    private static bool Mentions(BpftraceClause clause, Func<string, bool> name)
    {
        bool found = false;
        void Look(ExpressionSyntax? expression)
        {
            if (expression is null)
                return;
            SyntaxRewriter.Rewrite(expression, part =>
            {
                found |= part is NameSyntax mentioned && name(mentioned.Name);
                return null;
            });
        }

        Look(clause.Predicate);
        foreach (BpftraceStatement statement in clause.Statements)
        {
            Look(statement.When);
            foreach (ExpressionSyntax part in PartsOf(statement))
                Look(part);
        }

        return found;
    }

    private ProbeDefinition TranslatePair(BpftracePair pair, int index)
    {
        IReadOnlyList<ExpressionSyntax> keys = pair.Notes[0].Map.Keys;
        bool isThread = keys is [NameSyntax { Name: "tid" }];
        if (keys.Count == 0)
            throw Refused(pair.Notes[0].Map.Span, "a note without a key is overwritten by every other thread; @start[tid] keeps them apart");
        foreach (MapSyntax read in MapsReadBy(pair.End).Where(r => pair.Notes.Any(n => n.Map.Name == r.Name)))
        {
            if (isThread && !SyntaxRewriter.SaysTheSame(read.Keys, keys))
                throw Refused(read.Span, "the key is not the one under which the start noted it");
        }

        ExpressionSource Rewritten(ExpressionSyntax syntax) => source.Expression(Unmapped(syntax, pair));
        var lets = new List<LetDefinition>();
        // What the start says is said in its own words: let evaluates it there.
        foreach (BpftraceVariable variable in pair.Start.Statements.OfType<BpftraceVariable>())
            lets.Add(new(variable.Name, source.Expression(Unmapped(variable.Value, null)), source.LocationOf(variable.Span.Start)));
        foreach (BpftraceAssignment note in pair.Notes.Where(n => !IsTime(n.Value)))
            lets.Add(new(note.Map.Name, source.Expression(Unmapped(note.Value, null)), source.LocationOf(note.Span.Start)));
        (ExpressionSyntax? startPredicate, ScopeDefinition? scope) = BpftraceScope.Take(pair.Start.Predicate, source);
        if (startPredicate is { } started)
            lets.Add(new(StartCondition, source.Expression(Unmapped(started, null)), source.LocationOf(started.Span.Start)));
        lets.AddRange(Variables(pair.End.Statements, Rewritten));
        if (lets.GroupBy(l => l.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Refused(pair.End.Span, $"{twice.Key} is set at the start and at the end; give one of them another name");

        ExpressionSyntax? where = pair.End.Predicate is { } predicate ? WithoutNotes(Unmapped(predicate, pair, isCondition: true)) : null;
        if (startPredicate is { } begin)
        {
            ExpressionSyntax at = new MemberSyntax(begin.Span, new NameSyntax(begin.Span, "start"), StartCondition, begin.Span);
            where = where is null ? at : new BinarySyntax(where.Span, BinarySyntaxOperator.And, where.Span, at, where);
        }

        // A note that is set to 0 at the end is as good as deleted.
        BpftraceStatement[] statements = [.. pair.End.Statements.Where(s => s is not BpftraceDeletion && !BpftraceMaps.IsReset(s, pair))];
        SourceLocation location = source.LocationOf(pair.End.Span.Start);
        ExpressionSource[] startKey = [.. keys.Select(k => source.Expression(Unmapped(k, null)))];
        IReadOnlyList<ExpressionSyntax> endKeys = MapsReadBy(pair.End).First(r => pair.Notes.Any(n => n.Map.Name == r.Name)).Keys;
        ExpressionSource[] endKey = SyntaxRewriter.SaysTheSame(endKeys, keys) ? [] : [.. endKeys.Select(k => source.Expression(Unmapped(k, null)))];
        if (endKey.Length > 0 && endKey.Length != startKey.Length)
            throw Refused(pair.End.Span, "the key has not as many parts as the one under which the start noted it");
        return new()
        {
            Name = NameOf(index),
            Location = location,
            On = new([new(pair.Start.Hooks, source.LocationOf(pair.Start.Span.Start))], [new(pair.End.Hooks, location)], location),
            Scope = scope,
            Key = isThread ? [] : startKey,
            EndKey = isThread ? [] : endKey,
            Where = where is null ? null : source.Expression(where),
            Let = lets,
            Emit = Emitters(statements, Rewritten, pair.End),
        };
    }

    private IEnumerable<LetDefinition> Variables(IEnumerable<BpftraceStatement> statements, Func<ExpressionSyntax, ExpressionSource> rewritten) =>
        statements.OfType<BpftraceVariable>().Select(v => new LetDefinition(v.Name, rewritten(v.Value), source.LocationOf(v.Span.Start)));

    private List<EmitterDefinition> Emitters(
        IReadOnlyList<BpftraceStatement> statements, Func<ExpressionSyntax, ExpressionSource> rewritten, BpftraceClause clause)
    {
        var translator = new BpftraceEmitters(source, rewritten);
        List<EmitterDefinition> result = [.. statements.Where(s => s is not (BpftraceVariable or BpftraceDeletion)).Select(translator.Translate)];
        return result.Count > 0 ? result : throw Refused(clause.Span, "this clause records nothing");
    }

    /// <summary>Replaces what was noted at the start: a time's difference by the duration, other notes by what they were.</summary>
    private static ExpressionSyntax Unmapped(ExpressionSyntax syntax, BpftracePair? pair, bool isCondition = false) => SyntaxRewriter.Rewrite(syntax, part =>
    {
        BpftraceAssignment? NoteOf(ExpressionSyntax candidate) =>
            candidate is MapSyntax map ? pair?.Notes.FirstOrDefault(n => n.Map.Name == map.Name) : null;
        if (part is BinarySyntax { Operator: BinarySyntaxOperator.Subtract, Left: NameSyntax { Name: "nsecs" } } difference
            && NoteOf(difference.Right) is { } time && IsTime(time.Value))
        {
            return new NameSyntax(part.Span, "duration");
        }

        if (part is not MapSyntax read)
            return null;
        if (NoteOf(read) is not { } note)
            throw Refused(read.Span, "reading a map is not taken, but for what a start noted for its end: @start[tid] = nsecs, then nsecs - @start[tid]");
        if (!IsTime(note.Value))
            return new MemberSyntax(read.Span, new NameSyntax(read.Span, "start"), note.Map.Name, read.Span);
        // As a condition, it asks whether there was a start; there is no end without one.
        return isCondition
            ? new NumberSyntax(read.Span, 1, false)
            : new MemberSyntax(read.Span, new NameSyntax(read.Span, "start"), "ktime", read.Span);
    });

    // "1" is what is left of the question whether there was a start.
    private static ExpressionSyntax? WithoutNotes(ExpressionSyntax where) => where switch
    {
        NumberSyntax { Value: 1 } => null,
        BinarySyntax { Operator: BinarySyntaxOperator.And } both => (WithoutNotes(both.Left), WithoutNotes(both.Right)) switch
        {
            (null, var right) => right,
            (var left, null) => left,
            var (left, right) => both with { Left = left, Right = right },
        },
        BinarySyntax { Operator: BinarySyntaxOperator.NotEqual, Left: NumberSyntax { Value: 1 }, Right: NumberSyntax { Value: 0 } } => null,
        _ => where,
    };

    private static bool IsTime(ExpressionSyntax value) => value is NameSyntax { Name: "nsecs" or "ktime" };

    private static string NameOf(int index) => index == 0 ? "trace" : string.Create(CultureInfo.InvariantCulture, $"trace_{index + 1}");

    private static ExpressionSyntaxException Refused(TextSpan span, string message) => new(span, message);
}

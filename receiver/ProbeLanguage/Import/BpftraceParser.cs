using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The text of a program to its clauses.</summary>
internal sealed partial class BpftraceParser(BpftraceSource source, DiagnosticBag diagnostics)
{
    private const int MaxClauses = 64;

    /// <summary>How long the program lasts, by an interval that ends it; null: until something else does.</summary>
    public TimeSpan? Duration { get; private set; }

    private string Text => source.Text;

    public List<BpftraceClause> Parse()
    {
        var clauses = new List<BpftraceClause>();
        int at = SkipSpace(0);
        if (at == Text.Length)
            throw new ExpressionSyntaxException(new(0, 0), "a program is expected, such as kprobe:vfs_read { @[comm] = count() }");
        while (at < Text.Length)
        {
            if (clauses.Count == MaxClauses)
                throw new ExpressionSyntaxException(new(at, 1), $"a program has at most {MaxClauses} clauses");
            if (ParseClause(ref at) is { } clause)
                clauses.Add(clause);
            at = SkipSpace(at);
        }

        if (clauses.Count == 0 && diagnostics.Items.Count == 0)
            throw new ExpressionSyntaxException(new(0, 0), "this records nothing: what BEGIN, END and intervals print is no observation; kprobe:vfs_read { @[comm] = count() } is one");
        return clauses;
    }

    private BpftraceClause? ParseClause(ref int at)
    {
        int start = at;
        bool isFrame = false;
        CheckDefinition(at);
        var hooks = new List<HookReference>();
        while (true)
        {
            int from = at;
            string word = ReadProbe(ref at);
            if (word is "BEGIN" or "END" or "begin" or "end")
                isFrame = true;
            else if (word.Length == 0)
                throw new ExpressionSyntaxException(new(from, 1), "a probe is expected, such as kprobe:vfs_read");
            else if (ReadHook(word, from) is { } hook)
                hooks.Add(hook);
            at = SkipSpace(at);
            if (at >= Text.Length || Text[at] != ',')
                break;
            at = SkipSpace(at + 1);
        }

        var span = new TextSpan(start, Math.Max(1, at - start));
        ExpressionSyntax? predicate = null;
        _variables = new(_variableNames);
        if (at < Text.Length && Text[at] == '/')
            predicate = ParsePredicate(ref at);
        at = SkipSpace(at);
        if (at >= Text.Length || Text[at] != '{')
        {
            throw new ExpressionSyntaxException(
                at < Text.Length ? new(at, 1) : new(Text.Length, 0), "a { is expected: what to do at the probe, such as { @[comm] = count() }");
        }

        int end = EndOfBlock(at);
        List<Token> tokens = Tokens(at + 1, end);
        var statements = new List<BpftraceStatement>();
        int token = 0;
        ParseStatements(tokens, ref token, null, statements, isFrame);
        if (tokens[token].Kind != TokenKind.End)
            throw new ExpressionSyntaxException(tokens[token].Span, "this closes nothing");
        at = end + 1;
        return isFrame || IsOnlyForShow(hooks, predicate, statements) ? null : new(hooks, predicate, statements, span);
    }

    // An interval prints what is shown anyway, or ends the program.
    private bool IsOnlyForShow(List<HookReference> hooks, ExpressionSyntax? predicate, List<BpftraceStatement> statements)
    {
        if (statements.OfType<BpftraceExit>().FirstOrDefault() is { } exit)
        {
            if (hooks is not [{ Kind: HookKind.Interval } interval] || predicate is not null || exit.When is not null || statements.Count > 1)
            {
                throw new ExpressionSyntaxException(
                    exit.Span, "exit() is taken alone in an interval, and says how long the program lasts: interval:s:5 { exit(); }; --duration does the same");
            }

            Duration = TimeSpan.FromTicks((long)interval.Period / TimeSpan.NanosecondsPerTick);
            return true;
        }

        return statements.Count == 0 && hooks.Count > 0 && hooks.TrueForAll(h => h.Kind == HookKind.Interval);
    }

    // What stands before the clauses of longer programs.
    private void CheckDefinition(int at)
    {
        int end = at;
        while (end < Text.Length && char.IsAsciiLetter(Text[end]))
            end++;
        string? refusal = Text[at..end] switch
        {
            "struct" or "union" or "enum" or "typedef" => "types are not defined here: those of the kernel are known, and as(struct name, x) takes x as one",
            "config" => "config is not taken; --duration and --attach are given on the command line",
            "import" or "macro" or "fn" => $"{Text[at..end]} is not taken: a program is clauses such as kprobe:vfs_read {{ @[comm] = count() }}",
            _ => null,
        };
        if (refusal is not null)
            throw new ExpressionSyntaxException(new(at, end - at), refusal);
    }

    private string ReadProbe(ref int at)
    {
        int start = at;
        bool hasPath = false;
        while (at < Text.Length)
        {
            char c = Text[at];
            if (char.IsWhiteSpace(c) || c is ',' or '{')
                break;
            // A slash ends the probe and begins the predicate, unless the probe has a path.
            if (c == ':' && at - start < 16)
                hasPath |= Text[start..at] is "uprobe" or "uretprobe" or "usdt" or "u" or "ur" or "U";
            if (c == '/' && !hasPath)
                break;
            at++;
        }

        return Text[start..at].Replace("\"", "");
    }

    private HookReference? ReadHook(string word, int at)
    {
        string[] parts = word.Split(':');
        string kind = parts[0] switch
        {
            "k" => "kprobe",
            "kr" => "kretprobe",
            "f" => "fentry",
            "fr" => "fexit",
            "t" => "tracepoint",
            "rt" => "raw_tp",
            "u" => "uprobe",
            "ur" => "uretprobe",
            "U" => "usdt",
            "i" => "interval",
            "p" => "profile",
            "h" => "hardware",
            "s" => "software",
            var other => other,
        };
        string rest = string.Join(':', parts.Skip(1));
        SourceLocation location = source.LocationOf(at);
        string? refusal = kind switch
        {
            "iter" => "iterators (iter) are not taken",
            "watchpoint" or "asyncwatchpoint" or "w" or "aw" => "watchpoints are not taken",
            "self" or "bench" or "test" => $"{kind} probes are bpftrace's own and are not taken",
            _ => null,
        };
        if (refusal is not null)
        {
            diagnostics.Add(source.Diagnose(new(at, word.Length), refusal));
            return null;
        }

        if (kind is "hardware" or "software")
        {
            kind = "perf";
        }
        else if (kind == "profile")
        {
            if (ProfilePeriod(parts) is not { } period)
            {
                diagnostics.Add(source.Diagnose(new(at, word.Length), "a profile is written profile:hz:99, profile:ms:10, profile:us:100 or profile:s:1"));
                return null;
            }

            (kind, rest) = ("perf", string.Create(CultureInfo.InvariantCulture, $"cpu-clock:{period}"));
        }

        var found = new DiagnosticBag();
        HookReference? hook = HookReader.ReadOne($"{kind}:{rest}", location, "", found);
        foreach (ProbeDiagnostic diagnostic in found.Items)
            diagnostics.Add(source.Diagnose(new(at, word.Length), diagnostic.Message));
        return hook is null ? null : hook with { Text = word };
    }

    private static long? ProfilePeriod(string[] parts)
    {
        if (parts.Length == 2 && QuantityReader.TryTime(parts[1], out long written))
            return written >= 1000 ? written : null;
        if (parts.Length != 3 || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count is <= 0 or > 1_000_000)
            return null;
        long period = parts[1] switch
        {
            "hz" => 1_000_000_000 / count,
            "s" => count * 1_000_000_000,
            "ms" => count * 1_000_000,
            "us" => count * 1_000,
            _ => 0,
        };
        return period >= 1000 ? period : null;
    }

    private ExpressionSyntax ParsePredicate(ref int at)
    {
        // It ends at the slash before the block; slashes within divide.
        bool quoted = false;
        for (int i = at + 1; i < Text.Length; i++)
        {
            if (Text[i] == '"' && Text[i - 1] != '\\')
                quoted = !quoted;
            if (quoted || Text[i] != '/' || SkipSpace(i + 1) is var next && (next >= Text.Length || Text[next] != '{'))
                continue;
            List<Token> tokens = Tokens(at + 1, i);
            int token = 0;
            ExpressionSyntax result = BpftraceText.Translate(_variables.Read(ExpressionParser.ParsePart(Text, tokens, ref token)));
            if (tokens[token].Kind != TokenKind.End)
                throw new ExpressionSyntaxException(tokens[token].Span, tokens[token].Is("=") ? "= assigns; to compare, write ==" : "an operator is missing before this");
            at = i + 1;
            return result;
        }

        throw new ExpressionSyntaxException(new(at, 1), "this predicate is not closed: /.../ stands between the probe and the {");
    }

    private int EndOfBlock(int open)
    {
        int depth = 0;
        bool quoted = false;
        for (int i = open; i < Text.Length; i++)
        {
            if (Text[i] == '"' && Text[i - 1] != '\\')
                quoted = !quoted;
            if (quoted)
                continue;
            if (Text[i] == '{')
                depth++;
            else if (Text[i] == '}' && --depth == 0)
                return i;
        }

        throw new ExpressionSyntaxException(new(open, 1), "this { is not closed");
    }

    // Blanks before keep the places of the words what they are in the program.
    private List<Token> Tokens(int from, int to) => Lexer.Read(new string(' ', from) + Text[from..to], BpftraceImporter.MaxLength);

    private int SkipSpace(int at)
    {
        while (at < Text.Length && char.IsWhiteSpace(Text[at]))
            at++;
        return at;
    }
}

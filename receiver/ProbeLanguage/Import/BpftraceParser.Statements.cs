namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class BpftraceParser
{
    private const int MaxNesting = 16;
    private static readonly string[] Aggregations = ["count", "sum", "avg", "min", "max", "stats", "hist", "lhist"];
    private static readonly string[] Loops = ["unroll", "while", "for"];
    private static readonly string[] CompoundOperators = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"];
    private readonly HashSet<string> _variableNames = new(StringComparer.Ordinal);
    private BpftraceVariables _variables = new([]);
    private int _nesting;

    private void ParseStatements(List<Token> tokens, ref int at, ExpressionSyntax? when, List<BpftraceStatement> result, bool isFrame)
    {
        if (++_nesting > MaxNesting)
            throw new ExpressionSyntaxException(tokens[at].Span, $"blocks are nested more than {MaxNesting} deep");
        while (tokens[at].Kind != TokenKind.End && !tokens[at].Is("}"))
        {
            if (tokens[at].Is(";"))
            {
                at++;
                continue;
            }

            ParseStatement(tokens, ref at, when, result, isFrame);
            if (!tokens[at].Is(";") && !tokens[at].Is("}") && tokens[at].Kind != TokenKind.End && !tokens[at - 1].Is("}"))
                throw new ExpressionSyntaxException(tokens[at].Span, "a ; is missing before this");
        }

        _nesting--;
    }

    private void ParseStatement(List<Token> tokens, ref int at, ExpressionSyntax? when, List<BpftraceStatement> result, bool isFrame)
    {
        Token first = tokens[at];
        if (first.Is("@"))
        {
            // In BEGIN and END a map may be cleared or set to nothing, which changes nothing here.
            BpftraceStatement statement = ParseMap(tokens, ref at, when);
            if (isFrame)
                throw Refused(statement.Span, "BEGIN and END have no event to record; maps begin empty");
            result.Add(statement);
            return;
        }

        if (first.Kind == TokenKind.Name && first.Text[0] == '$')
        {
            ParseVariable(tokens, ref at, result);
            return;
        }

        if (first.Kind != TokenKind.Name)
            throw new ExpressionSyntaxException(first.Span, "a statement is expected, such as @[comm] = count()");
        switch (first.Text)
        {
            case "if":
                ParseIf(tokens, ref at, when, result, isFrame);
                return;
            case "let" when tokens[at + 1] is { Kind: TokenKind.Name, Text: ['$', ..] } declared:
                at++;
                // Without a value it only says that there will be one.
                if (tokens[at + 1].Is("="))
                    ParseVariable(tokens, ref at, result);
                else if (tokens[at + 1].Is(";"))
                    at++;
                else
                    throw Refused(tokens[at + 1].Span, $"a type is not written: let {declared.Text} = ...");
                return;
            case var loop when Loops.Contains(loop):
                throw Refused(first.Span, $"{loop} is not taken: there are no loops");
        }

        if (!tokens[at + 1].Is("("))
        {
            throw Refused(first.Span, first.Text switch
            {
                "return" => "return is not taken; a predicate leaves hits out",
                _ => $"\"{first.Text}\" is no statement; one is @[comm] = count()",
            });
        }

        ParseCall(tokens, ref at, when, result, isFrame);
    }

    private BpftraceStatement ParseMap(List<Token> tokens, ref int at, ExpressionSyntax? when)
    {
        int start = at;
        // A map alone: its keys are expressions, but it is no operand of one.
        var map = ParseMapAlone(tokens, ref at);
        Token op = tokens[at];
        TextSpan To(int index) => TextSpan.Between(tokens[start].Span, tokens[index].Span);
        if (op.Is("++") || op.Is("--"))
        {
            at++;
            return op.Is("++")
                ? new BpftraceAggregation(To(at - 1), when, map, "count", [])
                : new BpftraceAggregation(To(at - 1), when, map, "updown", [new UnarySyntax(op.Span, UnarySyntaxOperator.Negate, new NumberSyntax(op.Span, 1, false))]);
        }

        if ((op.Is("+") || op.Is("-")) && tokens[at + 1].Is("=") && tokens[at + 1].Span.Start == op.Span.End)
        {
            at += 2;
            return Added(To, map, ParseExpression(tokens, ref at), op.Is("-"), when, at);
        }

        if (!op.Is("="))
            throw new ExpressionSyntaxException(op.Kind == TokenKind.End ? new(op.Span.Start, 0) : op.Span, "= is expected after a map, such as @[comm] = count()");
        at++;
        Token function = tokens[at];
        if (function.Kind == TokenKind.Name && Aggregations.Contains(function.Text) && tokens[at + 1].Is("("))
        {
            at += 2;
            List<ExpressionSyntax> arguments = ParseArguments(tokens, ref at);
            return new BpftraceAggregation(To(at - 1), when, map, function.Text, arguments);
        }

        if (function.Kind == TokenKind.Name && tokens[at + 1].Is("(") && !BuiltinNames.Functions.Contains(function.Text))
        {
            if (function.Text == "tseries")
                throw Refused(function.Span, $"tseries() is not taken; there are {string.Join(", ", Aggregations)}");
            if (NearestNames.Suggest(function.Text, Aggregations) is { Length: > 0 } suggestion)
                throw Refused(function.Span, $"there is no function {function.Text}{suggestion}");
        }

        ExpressionSyntax value = ParseExpression(tokens, ref at);
        // @x = @x + 1 is @x += 1.
        if (value is BinarySyntax { Operator: BinarySyntaxOperator.Add or BinarySyntaxOperator.Subtract, Left: MapSyntax same } sum && SyntaxRewriter.SaysTheSame(map, same))
            return Added(To, map, sum.Right, sum.Operator == BinarySyntaxOperator.Subtract, when, at);
        return new BpftraceAssignment(To(at - 1), when, map, value);
    }

    private static BpftraceAggregation Added(Func<int, TextSpan> to, MapSyntax map, ExpressionSyntax amount, bool isNegative, ExpressionSyntax? when, int at) =>
        new(to(at - 1), when, map, "updown", [isNegative ? new UnarySyntax(amount.Span, UnarySyntaxOperator.Negate, amount) : amount]);

    /// <summary>An expression in the words of the probe language.</summary>
    private ExpressionSyntax ParseExpression(List<Token> tokens, ref int at) =>
        BpftraceText.Translate(_variables.Read(ExpressionParser.ParsePart(Text, tokens, ref at)));

    private MapSyntax ParseMapAlone(List<Token> tokens, ref int at)
    {
        Token sign = tokens[at++];
        TextSpan last = sign.Span;
        string name = "";
        if (tokens[at].Kind == TokenKind.Name && tokens[at].Span.Start == sign.Span.End)
        {
            name = tokens[at].Text;
            last = tokens[at++].Span;
        }

        var keys = new List<ExpressionSyntax>();
        if (tokens[at].Is("["))
        {
            do
            {
                at++;
                keys.Add(ParseExpression(tokens, ref at));
            }
            while (tokens[at].Is(","));
            if (!tokens[at].Is("]"))
                throw new ExpressionSyntaxException(tokens[at].Span, "a \"]\" is missing after the key");
            last = tokens[at++].Span;
        }

        return new(TextSpan.Between(sign.Span, last), name, keys);
    }

    private void ParseVariable(List<Token> tokens, ref int at, List<BpftraceStatement> result)
    {
        Token name = tokens[at++], op = tokens[at];
        var read = new NameSyntax(name.Span, name.Text);
        ExpressionSyntax value;
        if (op.Is("++") || op.Is("--"))
        {
            at++;
            value = Calculated(op.Text[..1], op.Span, read, new NumberSyntax(op.Span, 1, false));
        }
        else if (CompoundOperators.Contains(op.Text) && tokens[at + 1].Is("=") && tokens[at + 1].Span.Start == op.Span.End)
        {
            at += 2;
            value = Calculated(op.Text, op.Span, read, ExpressionParser.ParsePart(Text, tokens, ref at));
        }
        else if (op.Is("="))
        {
            at++;
            value = ExpressionParser.ParsePart(Text, tokens, ref at);
        }
        else
        {
            throw Refused(op.Span, $"a value is given with =, as {name.Text} = args.count");
        }

        value = BpftraceText.Translate(_variables.Read(value));
        result.Add(_variables.Assign(TextSpan.Between(name.Span, tokens[at - 1].Span), name.Text, value));
    }

    private static BinarySyntax Calculated(string symbol, TextSpan at, ExpressionSyntax left, ExpressionSyntax right)
    {
        BinarySyntaxOperator op = symbol switch
        {
            "+" => BinarySyntaxOperator.Add,
            "-" => BinarySyntaxOperator.Subtract,
            "*" => BinarySyntaxOperator.Multiply,
            "/" => BinarySyntaxOperator.Divide,
            "%" => BinarySyntaxOperator.Remainder,
            "&" => BinarySyntaxOperator.BitAnd,
            "|" => BinarySyntaxOperator.BitOr,
            "^" => BinarySyntaxOperator.BitXor,
            "<<" => BinarySyntaxOperator.ShiftLeft,
            _ => BinarySyntaxOperator.ShiftRight,
        };
        return new(TextSpan.Between(left.Span, right.Span), op, at, left, right);
    }

    private void ParseIf(List<Token> tokens, ref int at, ExpressionSyntax? when, List<BpftraceStatement> result, bool isFrame)
    {
        at++;
        if (!tokens[at].Is("("))
            throw new ExpressionSyntaxException(tokens[at].Span, "if takes its condition in brackets");
        ExpressionSyntax condition = ParseExpression(tokens, ref at);
        IReadOnlyDictionary<string, string> before = _variables.Current;
        _variables.GoBack(before);
        ParseBranch(tokens, ref at, Both(when, condition), result, isFrame);
        IReadOnlyDictionary<string, string> then = _variables.Current;
        _variables.GoBack(before);
        if (tokens[at].IsName("else"))
        {
            at++;
            ExpressionSyntax otherwise = Both(when, new UnarySyntax(condition.Span, UnarySyntaxOperator.Not, condition));
            if (tokens[at].IsName("if"))
                ParseIf(tokens, ref at, otherwise, result, isFrame);
            else
                ParseBranch(tokens, ref at, otherwise, result, isFrame);
        }

        result.AddRange(_variables.Meet(condition, before, then, _variables.Current));
    }

    private void ParseBranch(List<Token> tokens, ref int at, ExpressionSyntax when, List<BpftraceStatement> result, bool isFrame)
    {
        if (!tokens[at].Is("{"))
            throw new ExpressionSyntaxException(tokens[at].Span, "a { is expected");
        at++;
        ParseStatements(tokens, ref at, when, result, isFrame);
        if (!tokens[at].Is("}"))
            throw new ExpressionSyntaxException(tokens[at].Span, "a } is missing here");
        at++;
    }

    private void ParseCall(List<Token> tokens, ref int at, ExpressionSyntax? when, List<BpftraceStatement> result, bool isFrame)
    {
        Token name = tokens[at];
        at += 2;
        int start = at;
        List<ExpressionSyntax> arguments = ParseArguments(tokens, ref at);
        TextSpan span = TextSpan.Between(name.Span, tokens[at - 1].Span);
        switch (name.Text)
        {
            case "printf" or "clear" or "zero" or "delete" when isFrame:
            // Tables are shown as they grow and at the end, and events have their time.
            case "print" when isFrame || arguments is [MapSyntax { Keys.Count: 0 }, ..]:
            case "time":
                return;
            case "exit" when arguments.Count == 0 && !isFrame:
                result.Add(new BpftraceExit(span, when));
                return;
            case "join" when arguments is [var list, ..]:
                result.AddRange(BpftraceJoin.Translate(span, when, list));
                return;
            case "printf" when arguments is [StringSyntax format, ..]:
                result.Add(new BpftracePrint(span, when, format.Value, format.Span, [.. arguments.Skip(1)]));
                return;
            case "printf":
                throw Refused(tokens[start].Span, "printf takes its format in quotes");
            case "delete" when arguments is [MapSyntax map]:
                result.Add(new BpftraceDeletion(span, when, map));
                return;
            case "delete" when arguments is [MapSyntax { Keys.Count: 0 } map, ..]:
                result.Add(new BpftraceDeletion(span, when, map with { Keys = [.. arguments.Skip(1)] }));
                return;
            default:
                throw Refused(name.Span, name.Text switch
                {
                    "print" => "print() takes a whole map, which is shown anyway; printf(\"%d\", x) says one value",
                    "clear" or "zero" => $"{name.Text}() is not taken: a table shows what was counted since the beginning",
                    "exit" => "exit() takes nothing; it belongs into an interval of its own: interval:s:5 { exit(); }",
                    "join" => "join() takes a list of texts: join(args.argv)",
                    "strftime" => "strftime() is not taken: events have their time",
                    "system" or "cat" or "signal" or "override" or "unwatch" or "skboutput" or "buf" or "errorf" => $"{name.Text}() is not taken",
                    var other when Aggregations.Contains(other) => $"{other}() is assigned to a map: @ = {other}({(other == "count" ? "" : "x")})",
                    var other => $"{other}() is no statement; one is @[comm] = count()",
                });
        }
    }

    private List<ExpressionSyntax> ParseArguments(List<Token> tokens, ref int at)
    {
        var arguments = new List<ExpressionSyntax>();
        while (!tokens[at].Is(")"))
        {
            if (arguments.Count > 0)
            {
                if (!tokens[at].Is(","))
                    throw new ExpressionSyntaxException(tokens[at].Span, "a \")\" is missing before this");
                at++;
            }

            arguments.Add(ParseExpression(tokens, ref at));
        }

        at++;
        return arguments;
    }

    private static ExpressionSyntax Both(ExpressionSyntax? first, ExpressionSyntax second) => first is null
        ? second
        : new BinarySyntax(second.Span, BinarySyntaxOperator.And, second.Span, first, second);

    private static ExpressionSyntaxException Refused(TextSpan span, string message) => new(span, message);
}

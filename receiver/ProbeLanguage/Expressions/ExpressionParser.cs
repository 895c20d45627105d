namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Words to a tree: C's operators with C's precedence, by precedence climbing. Depth and size are bounded, so that neither the parser nor
/// what walks the tree after it can run out of stack.
/// </summary>
internal sealed partial class ExpressionParser
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 1000;

    private readonly string _text;
    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;
    private int _nodes;
    private bool _hasMaps;

    private ExpressionParser(string text, List<Token> tokens)
    {
        _text = text;
        _tokens = tokens;
    }

    private Token Current => _tokens[_at];

    /// <summary>Parses a whole expression.</summary>
    /// <exception cref="ExpressionSyntaxException">It is not one.</exception>
    public static ExpressionSyntax Parse(string text)
    {
        var parser = new ExpressionParser(text, Lexer.Read(text));
        ExpressionSyntax result = parser.ParseExpression();
        if (parser.Current.Kind != TokenKind.End)
            throw parser.Unexpected(parser.AfterValue());
        return result;
    }

    /// <summary>Parses an expression within a longer text, as an importer does.</summary>
    /// <param name="text">The whole text, in which places are counted.</param>
    /// <param name="tokens">Its words.</param>
    /// <param name="at">The first word; on return the first that is not of the expression.</param>
    /// <exception cref="ExpressionSyntaxException">There is no expression.</exception>
    /// <remarks>Reads of maps (<c>@start[tid]</c>) become <see cref="MapSyntax"/>, which the importer has to replace.</remarks>
    public static ExpressionSyntax ParsePart(string text, List<Token> tokens, ref int at)
    {
        var parser = new ExpressionParser(text, tokens) { _at = at, _hasMaps = true };
        ExpressionSyntax result = parser.ParseExpression();
        at = parser._at;
        return result;
    }

    private ExpressionSyntax ParseExpression()
    {
        if (++_depth > MaxDepth)
            throw new ExpressionSyntaxException(Current.Span, $"the expression is nested more than {MaxDepth} deep");
        ExpressionSyntax result = ParseConditional();
        _depth--;
        return result;
    }

    private ExpressionSyntax ParseConditional()
    {
        ExpressionSyntax condition = ParseBinary(0);
        if (!Current.Is("?"))
            return condition;
        _at++;
        ExpressionSyntax whenTrue = ParseExpression();
        Expect(":", "between the two values of a choice (condition ? a : b)");
        ExpressionSyntax whenFalse = ParseExpression();
        return Counted(new ConditionalSyntax(TextSpan.Between(condition.Span, whenFalse.Span), condition, whenTrue, whenFalse));
    }

    private ExpressionSyntax ParseBinary(int least)
    {
        ExpressionSyntax left = ParseUnary();
        int chain = 0;
        while (true)
        {
            // A long chain leans to the left, so it is as deep as it is long.
            if (++chain + _depth > MaxNodes / 4)
                throw new ExpressionSyntaxException(Current.Span, $"the expression has more than {MaxNodes / 4} operators in a row");
            if (Current.IsName("in") && least <= Relational)
            {
                left = ParseIn(left);
                continue;
            }

            Token token = Current;
            if (token.Kind != TokenKind.Symbol || OperatorOf(token.Text) is not { } found || found.Precedence < least)
                return left;
            _at++;
            ExpressionSyntax right = ParseBinary(found.Precedence + 1);
            WarnOfChain(left, found.Operator, token.Span);
            left = Counted(new BinarySyntax(TextSpan.Between(left.Span, right.Span), found.Operator, token.Span, left, right));
        }
    }

    // 0 < x < 10 compiles in C and means something else.
    private void WarnOfChain(ExpressionSyntax left, BinarySyntaxOperator op, TextSpan span)
    {
        if (op is >= BinarySyntaxOperator.Less and <= BinarySyntaxOperator.GreaterOrEqual
            && left is BinarySyntax { Operator: >= BinarySyntaxOperator.Less and <= BinarySyntaxOperator.GreaterOrEqual } chained
            && _text[chained.Span.Start] != '(')
        {
            throw new ExpressionSyntaxException(
                span, "comparisons do not chain; write a < x && x < b");
        }
    }

    private CallSyntax ParseIn(ExpressionSyntax value)
    {
        Token name = Current;
        _at++;
        string close = Current.Is("(") ? ")" : Current.Is("[") ? "]" : Current.Is("{") ? "}" : "";
        var arguments = new List<ExpressionSyntax> { value };
        if (close.Length == 0)
        {
            // x in "10.0.0.0/8"
            arguments.Add(ParseUnary());
            return Counted(new CallSyntax(TextSpan.Between(value.Span, arguments[^1].Span), "in", name.Span, arguments));
        }

        _at++;
        while (true)
        {
            arguments.Add(ParseExpression());
            if (!Current.Is(","))
                break;
            _at++;
        }

        TextSpan end = Expect(close, "at the end of the list");
        return Counted(new CallSyntax(TextSpan.Between(value.Span, end), "in", name.Span, arguments));
    }

    private ExpressionSyntax ParseUnary()
    {
        Token token = Current;
        UnarySyntaxOperator? op = token.Kind != TokenKind.Symbol ? null : token.Text switch
        {
            "-" => UnarySyntaxOperator.Negate,
            "!" => UnarySyntaxOperator.Not,
            "~" => UnarySyntaxOperator.Complement,
            "*" => UnarySyntaxOperator.Dereference,
            _ => null,
        };
        if (op is null && !token.Is("+"))
            return ParsePostfix();
        if (++_depth > MaxDepth)
            throw new ExpressionSyntaxException(token.Span, $"the expression is nested more than {MaxDepth} deep");
        _at++;
        ExpressionSyntax operand = ParseUnary();
        _depth--;
        return op is null ? operand : Counted(new UnarySyntax(TextSpan.Between(token.Span, operand.Span), op.Value, operand));
    }

    private TextSpan Expect(string symbol, string where)
    {
        if (!Current.Is(symbol))
            throw Unexpected($"a \"{symbol}\" is missing {where}");
        return _tokens[_at++].Span;
    }

    private T Counted<T>(T node)
        where T : ExpressionSyntax
    {
        if (++_nodes > MaxNodes)
            throw new ExpressionSyntaxException(node.Span, $"the expression has more than {MaxNodes} parts");
        return node;
    }

    private ExpressionSyntaxException Unexpected(string message) =>
        new(Current.Kind == TokenKind.End && _at > 0 ? new(_tokens[_at - 1].Span.End, 0) : Current.Span, message);

    private string AfterValue() => Current switch
    {
        { Kind: TokenKind.Symbol, Text: "=" } => "= assigns, and there is no assignment here; to compare, write ==",
        { Kind: TokenKind.Symbol, Text: ")" or "]" or "}" } => $"this \"{Current.Text}\" closes nothing",
        { Kind: TokenKind.Symbol, Text: "++" or "--" } => $"{Current.Text} changes a value, and nothing can be changed here",
        { Kind: TokenKind.Symbol, Text: ";" } => "there is one expression here, without a semicolon",
        { Kind: TokenKind.Name, Text: "and" } => "write && for \"and\"",
        { Kind: TokenKind.Name, Text: "or" } => "write || for \"or\"",
        { Kind: TokenKind.Symbol } => $"\"{Current.Text}\" is not expected here",
        _ => "an operator is missing before this",
    };
}

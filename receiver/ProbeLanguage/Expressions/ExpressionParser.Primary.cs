namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionParser
{
    private ExpressionSyntax ParsePostfix()
    {
        ExpressionSyntax result = ParsePrimary();
        int length = 0;
        while (true)
        {
            if (++length > MaxDepth)
                throw new ExpressionSyntaxException(Current.Span, $"a path has at most {MaxDepth} steps");
            if (Current.Is(".") || Current.Is("->"))
            {
                _at++;
                Token name = Current;
                if (name.Kind == TokenKind.Number)
                    throw new ExpressionSyntaxException(name.Span, "an element is taken with brackets: [0]");
                if (name.Kind != TokenKind.Name)
                    throw Unexpected("the name of a field is missing here");
                _at++;
                result = Counted(new MemberSyntax(TextSpan.Between(result.Span, name.Span), result, name.Text, name.Span));
            }
            else if (Current.Is("["))
            {
                _at++;
                ExpressionSyntax index = ParseExpression();
                TextSpan end = Expect("]", "after the index");
                result = Counted(new IndexSyntax(TextSpan.Between(result.Span, end), result, index));
            }
            else
            {
                return result;
            }
        }
    }

    private ExpressionSyntax ParsePrimary()
    {
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _at++;
                return Counted(new NumberSyntax(token.Span, token.Number, token.IsTime));
            case TokenKind.String:
                _at++;
                return Counted(new StringSyntax(token.Span, token.Text));
            case TokenKind.Name when _tokens[_at + 1].Is("("):
                return ParseCall(token);
            case TokenKind.Name:
                if (token.Text is "struct" or "union" or "enum")
                    throw Unexpected($"a type stands here where a value is expected; as({token.Text} name, x) takes x as one");
                if (token.Text is "not")
                    throw Unexpected("write ! for \"not\"");
                _at++;
                return Counted(new NameSyntax(token.Span, token.Text));
        }

        if (_hasMaps && token.Is("@"))
            return ParseMap(token);
        if (token.Is("("))
        {
            if (TryParseCast(token) is { } cast)
                return cast;
            _at++;
            ExpressionSyntax inner = ParseExpression();
            if (_hasMaps && Current.Is(","))
                throw Unexpected("tuples are not taken; the parts of a key are separated by commas: @[comm, pid]");
            TextSpan end = Expect(")", "to close the bracket");
            // The brackets belong to the text of the value, so that marks and the check for chains see them.
            return inner with { Span = TextSpan.Between(token.Span, end) };
        }

        throw Unexpected(token switch
        {
            { Kind: TokenKind.End } when _at == 0 => "an expression is missing",
            { Kind: TokenKind.End } => "the expression ends where a value is expected",
            { Kind: TokenKind.Symbol, Text: "&" } => "addresses are not taken with &: a path to a struct is its address already",
            { Kind: TokenKind.Symbol, Text: "@" } => "maps (@) belong to bpftrace; here emit: makes the series",
            _ => $"a value is expected here, not \"{_text.Substring(token.Span.Start, token.Span.Length)}\"",
        });
    }

    private MapSyntax ParseMap(Token at)
    {
        _at++;
        string name = "";
        TextSpan last = at.Span;
        if (Current.Kind == TokenKind.Name && Current.Span.Start == at.Span.End)
        {
            name = Current.Text;
            last = Current.Span;
            _at++;
        }

        var keys = new List<ExpressionSyntax>();
        if (Current.Is("["))
        {
            _at++;
            while (true)
            {
                keys.Add(ParseExpression());
                if (!Current.Is(","))
                    break;
                _at++;
            }

            last = Expect("]", "after the key");
        }

        return Counted(new MapSyntax(TextSpan.Between(at.Span, last), name, keys));
    }

    private ExpressionSyntax ParseCall(Token name)
    {
        _at += 2;
        if (name.Text == "as")
        {
            TypeSyntax type = ParseType();
            Expect(",", "after the type: as(struct sock, x)");
            ExpressionSyntax operand = ParseExpression();
            TextSpan close = Expect(")", "to close as(");
            // as(struct sock, x) means a pointer to one; so does as(struct sock *, x).
            if (type is { Keyword: "struct" or "union", Pointers: 0 })
                type = type with { Pointers = 1 };
            return Counted(new CastSyntax(TextSpan.Between(name.Span, close), type, operand));
        }

        if (name.Text == "sizeof" && IsTypeAhead())
        {
            TypeSyntax type = ParseType();
            return Counted(new SizeofSyntax(TextSpan.Between(name.Span, Expect(")", "to close sizeof(")), type));
        }

        var arguments = new List<ExpressionSyntax>();
        if (!Current.Is(")"))
        {
            while (true)
            {
                // in(x, [a, b]) is in(x, a, b).
                if (name.Text == "in" && arguments.Count == 1 && (Current.Is("[") || Current.Is("(")))
                {
                    CallSyntax list = ParseListArgument(arguments[0], name);
                    arguments = [.. list.Arguments];
                }
                else
                {
                    arguments.Add(ParseExpression());
                }

                if (!Current.Is(","))
                    break;
                _at++;
            }
        }

        TextSpan end = Expect(")", $"to close {name.Text}(");
        return Counted(new CallSyntax(TextSpan.Between(name.Span, end), name.Text, name.Span, arguments));
    }

    private CallSyntax ParseListArgument(ExpressionSyntax value, Token name)
    {
        string close = Current.Is("[") ? "]" : ")";
        _at++;
        var arguments = new List<ExpressionSyntax> { value };
        while (!Current.Is(close))
        {
            arguments.Add(ParseExpression());
            if (!Current.Is(","))
                break;
            _at++;
        }

        return new(TextSpan.Between(name.Span, Expect(close, "at the end of the list")), "in", name.Span, arguments);
    }

    /// <summary>(struct sock *)x, (u32)x; null if the bracket holds a value.</summary>
    private CastSyntax? TryParseCast(Token open)
    {
        int start = _at;
        _at++;
        if (!IsTypeAhead())
        {
            _at = start;
            return null;
        }

        TypeSyntax type = ParseType();
        Expect(")", "after the type of a cast");
        if (++_depth > MaxDepth)
            throw new ExpressionSyntaxException(open.Span, $"the expression is nested more than {MaxDepth} deep");
        ExpressionSyntax operand = ParseUnary();
        _depth--;
        return Counted(new CastSyntax(TextSpan.Between(open.Span, operand.Span), type, operand));
    }

    private bool IsTypeAhead()
    {
        if (Current.Kind != TokenKind.Name)
            return false;
        if (Current.Text is "struct" or "union" or "enum" || TypeNames.IsKnown(Current.Text))
            return true;
        // A typedef with a star, or alone in brackets before a value: (size_t)x is taken by the list of known names only.
        return Current.Text.EndsWith("_t", StringComparison.Ordinal) && (_tokens[_at + 1].Is("*") || _tokens[_at + 1].Is(")"));
    }

    private TypeSyntax ParseType()
    {
        Token first = Current;
        if (first.Kind != TokenKind.Name)
            throw Unexpected("a type is expected here, such as struct sock or u32");
        TextSpan last = first.Span;
        string keyword = "";
        if (first.Text is "struct" or "union" or "enum")
        {
            keyword = first.Text;
            _at++;
            if (Current.Kind != TokenKind.Name)
                throw Unexpected($"the name of the {keyword} is missing");
        }

        string name = Current.Text;
        last = Current.Span;
        _at++;
        while (keyword.Length == 0 && TypeNames.IsWordOfC(name.Split(' ')[^1]) && Current.Kind == TokenKind.Name && TypeNames.IsWordOfC(Current.Text))
        {
            name += " " + Current.Text;
            last = Current.Span;
            _at++;
        }

        int pointers = 0;
        while (Current.Is("*"))
        {
            pointers++;
            last = Current.Span;
            _at++;
        }

        return new(TextSpan.Between(first.Span, last), keyword, name, pointers);
    }
}

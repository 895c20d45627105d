namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Gives names their meaning at one hook and expressions their types. What the hook or the kernel does not have is reported as missing,
/// so that the next alternative can be tried; what can't be right anywhere is an error.
/// </summary>
internal sealed partial class ExpressionBinder
{
    private readonly HookContext _context;
    private readonly HookRole _role;
    private readonly IReadOnlyList<LetDefinition> _lets;
    private readonly Captures? _captures;
    private readonly Dictionary<string, ValueOperand> _boundLets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openLets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (bool IsOfStart, bool Any)> _letsOfStart = new(StringComparer.Ordinal);
    private ExpressionSource _source;

    /// <param name="context">The hook.</param>
    /// <param name="role">What the hook is to the probe.</param>
    /// <param name="lets">Names for expressions.</param>
    /// <param name="captures">Of an end: what it takes from the start.</param>
    public ExpressionBinder(HookContext context, HookRole role, IReadOnlyList<LetDefinition> lets, Captures? captures = null)
    {
        _context = context;
        _role = role;
        _lets = lets;
        _captures = captures;
        _source = new("", default, "", new NumberSyntax(default, 0, false));
    }

    public HookContext Context => _context;

    private ProbeTarget Target => _context.Target;

    /// <summary>Binds a whole expression to a value.</summary>
    /// <exception cref="BindingException">It can't be; the exception says in which expression.</exception>
    public ValueOperand Bind(ExpressionSource source) => Within(source, () => LoadAny(Bind(source.Root), source.Root.Span));

    /// <summary>Binds a condition.</summary>
    public TypedExpression BindCondition(ExpressionSource source, ExpressionSyntax part) =>
        Within(source, () => ToBoolean(Load(Bind(part), part.Span), part.Span));

    /// <summary>Binds the value of an attribute: as any, but a pointer to char is the text that it points to.</summary>
    /// <param name="source">The value.</param>
    /// <param name="decoder">The decoder that is to show it; one for devices finds the number behind a pointer to the device.</param>
    public ValueOperand BindAttribute(ExpressionSource source, string decoder) => Within(source, () =>
    {
        Operand operand = Bind(source.Root);
        if (decoder is "majorminor" or "ifname" && BindDevice(operand, decoder, source.Root.Span) is { } device)
            return device;
        return operand is PlaceOperand { Bits: null, Type: { } type } place && type.Composite is { } composite && composite.Resolved.Name == "qstr"
            ? LoadText(FieldOf(place, "name", source.Root.Span, source.Root.Span), source.Root.Span)
            : LoadText(operand, source.Root.Span);
    });

    /// <summary>Binds a part of a key: as any, but a struct is its address.</summary>
    public TypedExpression BindKey(ExpressionSource source) => Within(source, () =>
    {
        Operand operand = Bind(source.Root);
        return operand is PlaceOperand { Bits: null, Type: { } type } place && type.Composite is { } composite && composite.Resolved.Count > 1
            ? AddressOf(place)
            : Load(operand, source.Root.Span).Expression;
    });

    /// <summary>Binds a part of an expression.</summary>
    public Operand BindPart(ExpressionSyntax part, ExpressionSource source) => Within(source, () => Bind(part));

    private T Within<T>(ExpressionSource source, Func<T> bind)
    {
        ExpressionSource before = _source;
        _source = source;
        try
        {
            return bind();
        }
        catch (BindingException e)
        {
            e.In ??= source;
            throw;
        }
        finally
        {
            _source = before;
        }
    }

    private Operand Bind(ExpressionSyntax syntax)
    {
        // What is known at the start only is taken there as a whole, so that a path is walked while its objects live.
        if (_captures is not null && syntax is MemberSyntax or IndexSyntax or CastSyntax or NameSyntax or CallSyntax { Function: "str" or "ustr" or "kstr" }
            && IsKnownAtStartOnly(syntax))
        {
            return _captures!.Take(syntax, _source);
        }

        return syntax switch
        {
            NumberSyntax number => new ValueOperand(
                new ConstantExpression((long)number.Value, number.Value > long.MaxValue ? ProbeType.U64 : ProbeType.I64))
            { IsLiteral = true, IsTime = number.IsTime },
            StringSyntax text => new ValueOperand(Text(text)) { IsLiteral = true },
            NameSyntax name => BindName(name),
            MemberSyntax member => BindMember(member),
            IndexSyntax index => BindIndex(index),
            CallSyntax call => BindCall(call),
            CastSyntax cast => BindCast(cast),
            SizeofSyntax size => new ValueOperand(new ConstantExpression(SizeOf(size.Type), ProbeType.I64)) { IsLiteral = true },
            UnarySyntax unary => BindUnary(unary),
            BinarySyntax binary => BindBinary(binary),
            ConditionalSyntax choice => BindChoice(choice),
            _ => throw new BindingException(syntax.Span, "this can't be used here"),
        };
    }

    private static TextConstant Text(StringSyntax text)
    {
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text.Value);
        if (bytes >= ProbeType.LongestText)
            throw new BindingException(text.Span, $"a text has at most {ProbeType.LongestText - 1} bytes");
        return new(text.Value, ProbeType.Text(bytes + 1));
    }

    /// <summary>Loads what is not loaded yet, as a number, truth value, address or text.</summary>
    public ValueOperand LoadAny(Operand operand, TextSpan span)
    {
        ValueOperand value = Load(operand, span);
        return value;
    }

    /// <summary>Whether a part depends on the start alone, and on something of it.</summary>
    private bool IsKnownAtStartOnly(ExpressionSyntax syntax)
    {
        bool any = false;
        return _role == HookRole.End && LeavesAreOfStart(syntax, ref any) && any;
    }

    private bool LeavesAreOfStart(ExpressionSyntax syntax, ref bool any)
    {
        switch (syntax)
        {
            case MemberSyntax { Target: NameSyntax { Name: "start" } }:
                any = true;
                return true;
            case MemberSyntax { Target: NameSyntax { Name: "end" } }:
                return false;
            case MemberSyntax { Target: NameSyntax { Name: "args" } } member:
                if (_context.ArgumentNames.Contains(member.Name) || _context.Argument(member.Name) is not null
                    || _captures!.Start.Context.Argument(member.Name) is null)
                {
                    return false;
                }

                any = true;
                return true;
            case NameSyntax name when FindLet(name.Name) is { } let:
                (bool isOfStart, bool hasAny) = OfStart(let);
                any |= hasAny;
                return isOfStart;
            case NameSyntax name when BuiltinNames.TryArgument(name.Name, out int index):
                if (_context.Argument(index, name.Span) is not null || _captures!.Start.Context.Argument(index, name.Span) is null)
                    return false;
                any = true;
                return true;
            case NameSyntax name:
                return name.Name is not ("retval" or "duration" or "args" or "ctx") && !BuiltinNames.All.Contains(name.Name);
            case MemberSyntax member:
                return member.Target is not NameSyntax { Name: "ctx" or "ns" } && LeavesAreOfStart(member.Target, ref any);
            case IndexSyntax index:
                return LeavesAreOfStart(index.Target, ref any);
            case CastSyntax cast:
                return LeavesAreOfStart(cast.Operand, ref any);
            case UnarySyntax unary:
                return LeavesAreOfStart(unary.Operand, ref any);
            case BinarySyntax binary:
                return LeavesAreOfStart(binary.Left, ref any) && LeavesAreOfStart(binary.Right, ref any);
            case ConditionalSyntax choice:
                return LeavesAreOfStart(choice.Condition, ref any) && LeavesAreOfStart(choice.WhenTrue, ref any) && LeavesAreOfStart(choice.WhenFalse, ref any);
            case CallSyntax call:
                foreach (ExpressionSyntax argument in call.Arguments)
                {
                    if (!LeavesAreOfStart(argument, ref any))
                        return false;
                }

                return true;
            default:
                return true;
        }
    }

    // Looked at once: lets that each use the one before twice would take exponential time otherwise. One that uses itself is refused where it is bound.
    private (bool IsOfStart, bool Any) OfStart(LetDefinition let)
    {
        if (_letsOfStart.TryGetValue(let.Name, out (bool IsOfStart, bool Any) known))
            return known;
        _letsOfStart[let.Name] = (false, false);
        bool any = false;
        bool isOfStart = LeavesAreOfStart(let.Expression.Root, ref any);
        return _letsOfStart[let.Name] = (isOfStart, any);
    }

    /// <summary>Whether a condition of a pair can be tested at the start already, with the same outcome.</summary>
    /// <param name="part">A part of <c>where</c>.</param>
    /// <param name="isByThread">Whether start and end are of one thread, whose ids do not change between them.</param>
    public bool IsTestableAtStart(ExpressionSyntax part, bool isByThread)
    {
        bool any = false;
        if (LeavesAreOfStart(part, ref any) && any)
            return true;
        return isByThread && IsOfThread(part);
    }

    private bool IsOfThread(ExpressionSyntax syntax)
    {
        bool any = false;
        return syntax switch
        {
            NameSyntax { Name: "pid" or "tgid" or "tid" or "uid" or "gid" or "cgroup_id" or "cgroup" } => true,
            NumberSyntax or StringSyntax => true,
            UnarySyntax unary => IsOfThread(unary.Operand),
            BinarySyntax binary => IsOfThread(binary.Left) && IsOfThread(binary.Right),
            CallSyntax call => call.Arguments.All(IsOfThread),
            _ => LeavesAreOfStart(syntax, ref any),
        };
    }

    private LetDefinition? FindLet(string name)
    {
        foreach (LetDefinition let in _lets)
        {
            if (let.Name == name)
                return let;
        }

        return null;
    }
}

using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The binding of one probe.</summary>
internal sealed class ProbeBinderRun
{
    private const int MaxPrograms = 128;
    private readonly ProbeDefinition _definition;
    private readonly ProbeTarget _target;
    private readonly List<RefusedAlternative> _refused = [];
    private readonly List<ProbeDiagnostic> _misfits = []; // alternatives whose hook is there and whose fields are not
    private EmitterBinder _emitters;
    private readonly ScopeBinder _scope;
    private readonly List<(string Text, ExpressionSource Source, ExpressionSyntax Part)> _conditions = [];
    private IReadOnlyList<ProbeType>? _keyTypes;

    public ProbeBinderRun(ProbeDefinition definition, ProbeTarget target)
    {
        _definition = definition;
        _target = target;
        _emitters = new(definition);
        _scope = new(definition.Scope, target);
        if (definition.Where is { } where)
            Split(where, where.Root);
    }

    private bool IsByThread => _definition.Key.Count == 0;

    public ProbeBinding Bind()
    {
        BoundProbe? probe = _definition.On.IsPair ? BindPair() : BindSingle();
        if (probe is null && _misfits.Count > 0)
            throw new ProbeLanguageException(_misfits);
        return new(_definition, probe, _refused, _scope.Sets);
    }

    private BoundProbe? BindSingle()
    {
        var bound = new List<BoundAlternative>();
        foreach (ResolvedAlternative alternative in Resolve(_definition.On.End, "event"))
        {
            Try("event", alternative, () =>
            {
                var programs = new List<BoundProgram>();
                foreach (HookContext context in alternative.Contexts)
                {
                    var binder = new ExpressionBinder(context, HookRole.Single, _definition.Let);
                    var conditions = _scope.Bind(binder);
                    conditions.AddRange(_conditions.Select(c => Condition(binder, c)));
                    programs.Add(Program(alternative, context, programs.Count) with { Conditions = conditions, Emissions = _emitters.Bind(binder) });
                }

                bound.Add(new(alternative.Name, programs));
            });
        }

        return bound.Count == 0 ? null : Finish([new("event", HookRole.Single, bound)], []);
    }

    private BoundProbe? BindPair()
    {
        List<ResolvedAlternative> starts = Resolve(_definition.On.Start, "start");
        List<ResolvedAlternative> ends = Resolve(_definition.On.End, "end");

        // The best start decides what the end gets; where its fields do not fit, the next one does.
        while (starts.Count > 0 && ends.Count > 0)
        {
            var captures = new Captures(new(starts[0].Contexts[0], HookRole.Start, _definition.Let));
            int misfits = _misfits.Count;
            (_emitters, _keyTypes) = (new(_definition), null);
            List<BoundAlternative> boundEnds = BindEnds(ends, captures);
            List<BoundAlternative> boundStarts = boundEnds.Count == 0 ? [] : BindStarts(starts, captures);
            if (boundEnds.Count > 0 && boundStarts.Count > 0)
                return Finish([new("start", HookRole.Start, boundStarts), new("end", HookRole.End, boundEnds)], captures.Types);
            if (misfits == _misfits.Count)
                return null;
            starts.RemoveAt(0);
        }

        return null;
    }

    private List<BoundAlternative> BindEnds(List<ResolvedAlternative> ends, Captures captures)
    {
        var bound = new List<BoundAlternative>();
        foreach (ResolvedAlternative alternative in ends)
        {
            Try("end", alternative, () =>
            {
                var programs = new List<BoundProgram>();
                foreach (HookContext context in alternative.Contexts)
                {
                    var binder = new ExpressionBinder(context, HookRole.End, _definition.Let, captures);
                    BoundCondition[] conditions =
                    [
                        .. _conditions.Where(c => !binder.IsTestableAtStart(c.Part, IsByThread)).Select(c => Condition(binder, c)),
                    ];
                    programs.Add(Program(alternative, context, programs.Count) with
                    {
                        Conditions = conditions,
                        Key = Key(binder, HookRole.End),
                        Emissions = _emitters.Bind(binder),
                    });
                }

                bound.Add(new(alternative.Name, programs));
            });
        }

        return bound;
    }

    private List<BoundAlternative> BindStarts(List<ResolvedAlternative> starts, Captures captures)
    {
        // Which conditions the start tests is asked of an end, for the end knows what it can't see.
        var bound = new List<BoundAlternative>();
        var asked = new ExpressionBinder(_endForConditions!, HookRole.End, _definition.Let, captures);
        foreach (ResolvedAlternative alternative in starts)
        {
            Try("start", alternative, () =>
            {
                var programs = new List<BoundProgram>();
                foreach (HookContext context in alternative.Contexts)
                {
                    var binder = new ExpressionBinder(context, HookRole.Start, _definition.Let);
                    var conditions = _scope.Bind(binder);
                    conditions.AddRange(_conditions.Where(c => asked.IsTestableAtStart(c.Part, IsByThread)).Select(c => Condition(binder, c)));
                    TypedExpression[] values = [.. captures.Items.Select(item => Coerce(
                        binder.LoadAny(binder.BindPart(item.Syntax, item.Source), item.Syntax.Span).Expression, item.Value.Type, item.Syntax.Span, item.Source))];
                    programs.Add(Program(alternative, context, programs.Count) with { Conditions = conditions, Key = Key(binder, HookRole.Start), Captures = values });
                }

                bound.Add(new(alternative.Name, programs));
            });
        }

        return bound;
    }

    private HookContext? _endForConditions;

    private BoundProbe Finish(IReadOnlyList<BoundHook> hooks, IReadOnlyList<ProbeType> captures)
    {
        int count = hooks.Sum(h => h.Alternatives.Sum(a => a.Programs.Count));
        if (count > MaxPrograms)
            throw new ProbeLanguageException([new(_definition.On.Location, $"{_definition.Name}.on", $"the probe has {count} programs; at most {MaxPrograms} are taken")]);
        return new()
        {
            Name = _definition.Name,
            Hooks = hooks,
            Emitters = _emitters.Emitters,
            CaptureTypes = captures,
            InFlightLimit = _definition.Limits.Pairs ?? LimitsDefinition.DefaultPairs,
            Rate = _definition.Rate,
        };
    }

    /// <summary>The alternatives that the machine has, in their order.</summary>
    private List<ResolvedAlternative> Resolve(IReadOnlyList<HookAlternative> alternatives, string hook)
    {
        var result = new List<ResolvedAlternative>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (HookAlternative alternative in alternatives)
        {
            if (_definition.Attach is { } forced && alternative.Hooks.All(h => Rung(h.Kind) != Rung(forced)))
            {
                Refuse(hook, alternative, new(alternative.Location, alternative.Hooks[0].Key, $"attach: {HookKinds.NameOf(forced)} leaves it out"));
                continue;
            }

            try
            {
                foreach (IReadOnlyList<HookContext> contexts in HookResolver.Resolve(alternative, _target))
                {
                    string kind = contexts[0].Kind switch
                    {
                        ProgramKind.KprobeMulti => "kprobe_multi",
                        ProgramKind.KretprobeMulti => "kretprobe_multi",
                        ProgramKind.UprobeMulti => "uprobe_multi",
                        ProgramKind.UretprobeMulti => "uretprobe_multi",
                        _ => HookKinds.NameOf(contexts[0].Hook.Kind),
                    };
                    string name = kind;
                    for (int i = 2; !names.Add(name); i++)
                        name = $"{kind}_{i}";
                    result.Add(new(name, alternative, contexts));
                    if (hook == "end")
                        _endForConditions ??= contexts[0];
                }
            }
            catch (HookMissingException e)
            {
                Refuse(hook, alternative, e.Diagnostic);
            }
        }

        return result;
    }

    // A pair that is forced to kprobes has a kretprobe at its end.
    private static HookKind Rung(HookKind kind) => kind switch
    {
        HookKind.Kretprobe => HookKind.Kprobe,
        HookKind.Fexit => HookKind.Fentry,
        HookKind.Uretprobe => HookKind.Uprobe,
        _ => kind,
    };

    /// <summary>Binds an alternative; what it has not got leaves it out, what is wrong everywhere ends the binding.</summary>
    private void Try(string hook, ResolvedAlternative alternative, Action bind)
    {
        try
        {
            bind();
        }
        catch (BindingException e)
        {
            ProbeDiagnostic diagnostic = e.In is { } source
                ? source.Diagnose(e.Span, e.Message)
                : new(alternative.Written.Location, alternative.Written.Hooks[0].Key, e.Message);
            if (!e.IsMissing)
                throw new ProbeLanguageException([diagnostic]);
            _misfits.Add(diagnostic);
            Refuse(hook, alternative.Written, diagnostic);
        }
    }

    private void Refuse(string hook, HookAlternative alternative, ProbeDiagnostic reason)
    {
        var refused = new RefusedAlternative(hook, alternative.ToString(), reason);
        if (!_refused.Contains(refused))
            _refused.Add(refused);
    }

    private IReadOnlyList<TypedExpression> Key(ExpressionBinder binder, HookRole role)
    {
        if (IsByThread)
            return [];
        var parts = new List<TypedExpression>();
        for (int i = 0; i < _definition.Key.Count; i++)
        {
            ExpressionSource source = role == HookRole.End && _definition.EndKey.Count > 0 ? _definition.EndKey[i] : _definition.Key[i];
            TypedExpression value = binder.BindKey(source);
            // The key finds the start, so nothing of the start can be in it.
            if (role == HookRole.End && ExpressionTree.Contains(value, part => part is CapturedValue or DurationExpression))
            {
                string message = $"{binder.Context.Hook} does not know this, and a key is asked of the start and of the end; "
                    + "key: { start: ..., end: ... } says what each of them calls it";
                throw new BindingException(source.Root.Span, message, isMissing: true) { In = source };
            }

            ProbeType type = _keyTypes is { } known ? known[i] : value.Type.Kind == ValueKind.Integer ? ProbeType.U64 : value.Type;
            parts.Add(Coerce(value, type, source.Root.Span, source));
        }

        _keyTypes ??= [.. parts.Select(p => p.Type)];
        return parts;
    }

    private static BoundCondition Condition(ExpressionBinder binder, (string Text, ExpressionSource Source, ExpressionSyntax Part) condition) =>
        new(binder.BindCondition(condition.Source, condition.Part), new(condition.Source.LocationOf(condition.Part.Span), condition.Text));

    private static BoundProgram Program(ResolvedAlternative alternative, HookContext context, int index) => new()
    {
        Part = alternative.Contexts.Count > 1 ? $"p{index}" : "",
        Kind = context.Kind,
        Target = context.AttachTarget,
        Source = new(context.Hook.Location, context.Hook.Text),
    };

    /// <summary>A value in the type that the other side, or the other alternative, has.</summary>
    internal static TypedExpression Coerce(TypedExpression value, ProbeType type, TextSpan span, ExpressionSource source)
    {
        if (value.Type == type)
            return value;
        switch (value)
        {
            case MemoryRead { Type.Kind: ValueKind.Text } read when type.Kind == ValueKind.Text:
                return read with { Type = type };
            case TextConstant text when type.Kind == ValueKind.Text && text.Value.Length < type.Size:
                return text with { Type = type };
        }

        if (value.Type.IsScalar && type.IsScalar && value.Type.Kind != ValueKind.Ip4 == (type.Kind != ValueKind.Ip4))
            return value is ConstantExpression constant ? new ConstantExpression(Constants.Cut(constant.Value, type), type) : new CastExpression(value, type);
        throw new BindingException(span, $"this is {value.Type} here and {type} at another hook of the probe", isMissing: true) { In = source };
    }

    // a && b are tested one by one, the cheapest first, and each as early as it can be.
    private void Split(ExpressionSource source, ExpressionSyntax part)
    {
        if (part is BinarySyntax { Operator: BinarySyntaxOperator.And } both)
        {
            Split(source, both.Left);
            Split(source, both.Right);
            return;
        }

        _conditions.Add((source.Text.Substring(part.Span.Start, Math.Min(part.Span.Length, source.Text.Length - part.Span.Start)), source, part));
    }
}

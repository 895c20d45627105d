using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The attributes of an emitter as one program gives them.</summary>
internal sealed class AttributeSet
{
    private const int MaxNamedEnumerators = 512;
    private readonly List<BoundAttribute> _attributes = [];
    private readonly List<TypedExpression> _values = [];
    private readonly List<ExpressionSource> _sources = [];

    public IReadOnlyList<BoundAttribute> Attributes => _attributes;

    public IReadOnlyList<TypedExpression> Values => _values;

    public IReadOnlyList<ExpressionSource> Sources => _sources;

    public int IndexOf(string name) => _attributes.FindIndex(a => a.Name == name);

    /// <summary>Binds an attribute.</summary>
    /// <returns>Its index.</returns>
    public int Add(AttributeDefinition attribute, ExpressionBinder binder, bool isReported, bool isRaw = false)
    {
        ValueOperand value = binder.BindAttribute(attribute.Expression, attribute.Decode.Count > 0 ? attribute.Decode[0].Name : "");
        // What is true is 1 to bpftrace.
        if (isRaw && value.ValueType.Kind == ValueKind.Boolean)
            value = value with { Expression = new CastExpression(value.Expression, ProbeType.U8) };
        IReadOnlyList<DecoderStep> steps = [.. attribute.Decode.Select(Step)];
        if (steps.Count == 0)
            steps = Default(value);
        else if (attribute.Decode[0].Name == "inet_ip" && value.ValueType is { Kind: ValueKind.Integer, Size: 4 })
            value = value with { Expression = new CastExpression(value.Expression, ProbeType.Ip4) };
        return AddBound(new(attribute.Name, value.ValueType, steps, isReported), value.Expression, attribute.Expression);
    }

    /// <summary>Adds a value that is not shown.</summary>
    public int AddHidden(string name, TypedExpression value, ExpressionSource source) => AddBound(new(name, value.Type, [], false), value, source);

    private int AddBound(BoundAttribute attribute, TypedExpression value, ExpressionSource source)
    {
        _attributes.Add(attribute);
        _values.Add(value);
        _sources.Add(source);
        return _attributes.Count - 1;
    }

    // Enumerators are shown by name unless something else is asked for.
    private static IReadOnlyList<DecoderStep> Default(ValueOperand value)
    {
        if (value.DefaultSteps is { } steps)
            return steps;
        if (value.DefaultDecoder is { } decoder)
            return [new(decoder, [])];
        if (value.IsLiteral || value.Type is not { } type || type.Resolved is not { IsEnum: true } resolved || resolved.Count is 0 or > MaxNamedEnumerators)
            return [];
        var names = new Dictionary<long, string>();
        for (int i = 0; i < resolved.Count; i++)
            names.TryAdd(KernelNames.ValueOf(resolved, resolved.Enumerator(i)), resolved.Enumerator(i).Name);
        return [new("static_map", [.. names.Select(n => new KeyValuePair<string, string>(n.Key.ToString(CultureInfo.InvariantCulture), n.Value))])];
    }

    private static DecoderStep Step(DecoderSpec spec)
    {
        var arguments = new List<KeyValuePair<string, string>>();
        arguments.AddRange(spec.Map);
        arguments.AddRange(spec.Patterns.Select(p => KeyValuePair.Create("pattern", p)));
        if (spec.Default is { } otherwise)
            arguments.Add(new("default", otherwise));
        return new(spec.Name, arguments);
    }
}

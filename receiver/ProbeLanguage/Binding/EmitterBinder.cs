using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Emitters: what each program gives to each. The first program that is bound decides the types of attributes; the others have to give
/// the same.
/// </summary>
internal sealed class EmitterBinder
{
    private readonly IReadOnlyList<Plan> _plans;

    public EmitterBinder(ProbeDefinition definition)
    {
        _plans = [.. definition.Emit.Select(e => new Plan(definition, e))];
    }

    public IReadOnlyList<BoundEmitter> Emitters => [.. _plans.Select(p => p.Emitter ?? throw new InvalidOperationException("No program was bound."))];

    public IReadOnlyList<BoundEmission> Bind(ExpressionBinder binder)
    {
        // Only when all of a program is bound may it decide for the others.
        var made = new List<(Plan Plan, BoundEmitter Emitter)>();
        var result = new List<BoundEmission>();
        for (int i = 0; i < _plans.Count; i++)
        {
            (BoundEmitter emitter, BoundEmission emission) = _plans[i].Bind(binder, i);
            made.Add((_plans[i], emitter));
            result.Add(emission);
        }

        foreach ((Plan plan, BoundEmitter emitter) in made)
            plan.Emitter ??= emitter;
        return result;
    }

    /// <summary>One emitter.</summary>
    private sealed class Plan(ProbeDefinition definition, EmitterDefinition emitter)
    {
        public BoundEmitter? Emitter { get; set; }

        public (BoundEmitter Emitter, BoundEmission Emission) Bind(ExpressionBinder binder, int index)
        {
            var fields = new AttributeSet();
            foreach (AttributeDefinition attribute in emitter.Attributes)
                fields.Add(attribute, binder, isReported: true, isRaw: emitter is MetricDefinition { IsRaw: true });
            if (emitter is MetricDefinition)
                AddProcess(fields);
            (BoundEmitter bound, TypedExpression? value) = emitter switch
            {
                MetricDefinition metric => BindMetric(metric, binder),
                SpanDefinition span => (BindSpan(span, binder, fields), null),
                _ => (BindLog((LogDefinition)emitter, binder, fields), (TypedExpression?)null),
            };
            bound = bound with { Attributes = fields.Attributes };
            TypedExpression? when = emitter.When is { } test ? binder.BindCondition(test, test.Root) : null;
            IReadOnlyList<TypedExpression> values = fields.Values;
            if (Emitter is { } first)
            {
                values = [.. values.Select((v, i) => ProbeBinderRun.Coerce(v, first.Attributes[i].Type, fields.Sources[i].Root.Span, fields.Sources[i]))];
                if (value is not null && value.Type.IsSigned != first.IsSigned)
                    value = new CastExpression(value, first.IsSigned ? ProbeType.I64 : ProbeType.U64);
            }

            return (bound, new(index, values, value, when, new(emitter.Location, Line())));
        }

        // An address of a program means something in its process only, so that series have to be told apart by it. Samples have it anyway.
        private void AddProcess(AttributeSet fields)
        {
            if (!fields.Attributes.Any(a => a.Decoders.Any(d => d.Name == "usym")) || fields.Values.Any(v => v is BuiltinExpression { Builtin: Builtin.ProcessId }))
                return;
            var source = new ExpressionSource("pid", emitter.Location, emitter.Key, ExpressionParser.Parse("pid"), IsOneLine: false);
            fields.AddHidden("usym.process", new BuiltinExpression(Builtin.ProcessId, ProbeType.U32), source);
        }

        private string Line() => emitter switch
        {
            MetricDefinition metric => $"{metric.Name}{(metric.Value is { } value ? $": {value.Written}" : "")}",
            LogDefinition log => $"log {log.Event}",
            _ => $"span {((SpanDefinition)emitter).Name.Text}",
        };

        private SourceText Source => new(emitter.Location, Line());

        private (BoundEmitter Emitter, TypedExpression? Value) BindMetric(MetricDefinition metric, ExpressionBinder binder)
        {
            ValueOperand? value = metric.Value is { } source ? Number(binder.Bind(source), source) : null;
            bool isTime = value is { IsTime: true } && !metric.IsRaw;
            string unit = isTime && metric.Unit.Length == 0 ? "s" : metric.Unit;
            double scale = isTime ? unit switch { "s" => 1e-9, "ms" => 1e-6, "us" => 1e-3, "ns" => 1, _ => 0 } : 1;
            if (scale == 0)
                throw new BindingException(metric.Value!.Root.Span, $"this is a time in nanoseconds, and the unit is {unit}: a time is in s, ms, us or ns; divide it by 1ns to make a plain number of it") { In = metric.Value };
            ProbeType type = value is null ? ProbeType.U64 : value.ValueType is { Kind: ValueKind.Integer, IsSigned: true } ? ProbeType.I64 : ProbeType.U64;
            // A literal counts as what the instrument takes.
            if (value is not null && metric is CounterDefinition or SumDefinition or TopKDefinition && Constants.TryEvaluate(value.Expression, out long constant))
            {
                if (constant < 0 && type.IsSigned && IsMonotonic(metric))
                    throw new BindingException(metric.Value!.Root.Span, $"a {(metric is CounterDefinition ? "counter" : "sum")} never falls, and this is {constant}: updown takes values of either sign") { In = metric.Value };
                if (value.IsLiteral && constant >= 0)
                    type = ProbeType.U64;
            }

            TypedExpression? expression = value is null ? null : value.ValueType == type ? value.Expression
                : value.Expression is ConstantExpression c ? new ConstantExpression(c.Value, type) : new CastExpression(value.Expression, type);
            LimitsDefinition own = metric.Limits, all = definition.Limits;
            var bound = new BoundEmitter
            {
                Kind = metric switch
                {
                    CounterDefinition => EmitterKind.Counter,
                    SumDefinition => EmitterKind.Sum,
                    UpDownDefinition => EmitterKind.UpDown,
                    GaugeDefinition => EmitterKind.Gauge,
                    HistogramDefinition => EmitterKind.Histogram,
                    _ => EmitterKind.TopK,
                },
                Name = metric.Name,
                Unit = unit,
                Description = metric.Description ?? definition.Documentation.Description ?? "",
                ValueScale = scale,
                IsSigned = type.IsSigned && value is not null,
                IsMonotonic = IsMonotonic(metric),
                SeriesLimit = own.Series ?? all.Series ?? LimitsDefinition.DefaultSeries,
                SeriesTtl = own.TimeToLive ?? all.TimeToLive,
                Gauge = metric is GaugeDefinition gauge ? gauge.Mode : default,
                Histogram = metric is HistogramDefinition histogram ? Shape(histogram, isTime, unit, scale) : null,
                IsAverage = metric is HistogramDefinition { IsAverage: true },
                Top = metric is TopKDefinition top ? top.Count : 0,
                Source = Source,
            };
            return (bound, expression);
        }

        // A one-liner's sum takes what bpftrace's takes.
        private static bool IsMonotonic(MetricDefinition metric) => metric is CounterDefinition or SumDefinition && !metric.IsRaw;

        private static ValueOperand Number(ValueOperand value, ExpressionSource source)
        {
            if (value.ValueType.Kind == ValueKind.Integer)
                return value;
            if (value.ValueType.Kind == ValueKind.Boolean)
                return value with { Expression = new CastExpression(value.Expression, ProbeType.U64) };
            throw new BindingException(source.Root.Span, $"a number is expected, and this is {(value.IsText ? "a text; it can be an attribute" : "an IP address; it can be an attribute")}") { In = source };
        }

        private static HistogramShape Shape(HistogramDefinition histogram, bool isTime, string unit, double scale)
        {
            BindingException Wrong(string message) => new(histogram.Value!.Root.Span, message) { In = histogram.Value };
            long Raw(BucketBound bound)
            {
                if (bound.IsTime && !isTime)
                    throw Wrong("the bounds are times and the value is a plain number; ns(...), us(...) and ms(...) make a time of it");
                decimal raw = bound.IsTime || !isTime ? bound.Value : bound.Value / (decimal)scale;
                return raw == decimal.Truncate(raw) && Math.Abs(raw) < long.MaxValue
                    ? (long)raw
                    : throw Wrong($"the bound {bound.Value.ToString(CultureInfo.InvariantCulture)} is no whole number{(isTime ? " of nanoseconds" : "")}, as the values are");
            }

            switch (histogram.Buckets)
            {
                case ExponentialBuckets when isTime && unit is "ms" or "us":
                    throw Wrong($"an exponential histogram of a time is in s (or ns): buckets by powers of two of nanoseconds are none of {unit}; buckets: [...] gives bounds");
                case ExponentialBuckets exponential:
                    return new ExponentialShape(exponential.Scale, isTime && unit == "s");
                case ExplicitBuckets { Bounds: var bounds }:
                    return new ExplicitShape([.. bounds.Select(Raw)]);
                case LinearBuckets linear:
                    return new LinearShape(Raw(linear.Min), Raw(linear.Max), Raw(linear.Step));
                default:
                    return new PowersOfTwoShape();
            }
        }

        private BoundEmitter BindSpan(SpanDefinition span, ExpressionBinder binder, AttributeSet fields)
        {
            IReadOnlyList<TemplatePart> name = Template(span.Name, binder, fields);
            int error = span.Error is { } failed ? fields.AddHidden("error", binder.BindCondition(failed, failed.Root), failed) : -1;
            return new() { Kind = EmitterKind.Span, Name = "", Template = name, Rate = span.Rate, SpanKind = span.Kind, ErrorAttribute = error, Source = Source };
        }

        private BoundEmitter BindLog(LogDefinition log, ExpressionBinder binder, AttributeSet fields) => new()
        {
            Kind = EmitterKind.Log,
            Name = log.Event,
            Severity = log.Severity.ToString().ToUpperInvariant(),
            Template = log.Body is { } body ? Template(body, binder, fields) : [],
            Rate = log.Rate,
            Source = Source,
        };

        // A hole names an attribute of the emitter, of another emitter of the probe, or is an expression.
        private List<TemplatePart> Template(TextTemplate template, ExpressionBinder binder, AttributeSet fields)
        {
            var parts = new List<TemplatePart>();
            foreach (TextSegment segment in template.Segments)
            {
                if (segment.Name is not { } name)
                {
                    parts.Add(new(segment.Literal));
                    continue;
                }

                int index = segment.Decode is null ? fields.IndexOf(name) : -1;
                if (index < 0 && segment.Decode is null
                    && definition.Emit.SelectMany(e => e.Attributes).FirstOrDefault(a => a.Name == name) is { } elsewhere)
                {
                    index = fields.Add(elsewhere, binder, isReported: false);
                }

                if (index < 0 && segment.Expression is null && WellKnownAttributes.TryGet(name, out string meaning, out string? decoder))
                {
                    var source = new ExpressionSource(meaning, template.Location, template.Key, ExpressionParser.Parse(meaning), false);
                    index = fields.Add(new(name, source, decoder is null ? [] : [new(decoder)], template.Location, template.Key), binder, isReported: false);
                }

                if (index < 0)
                    index = AddHole(template, segment, name, binder, fields);
                parts.Add(new("", index));
            }

            return parts;
        }

        private int AddHole(TextTemplate template, TextSegment segment, string name, ExpressionBinder binder, AttributeSet fields)
        {
            // An attribute that is shown in another way than as an attribute.
            if (segment.Decode is { Count: > 0 } shown && definition.Emit.SelectMany(e => e.Attributes).FirstOrDefault(a => a.Name == name) is { } attribute)
                return fields.Add(attribute with { Name = $"{name}:{string.Join(',', shown.Select(d => d.Name))}", Decode = shown }, binder, isReported: false);
            if (WellKnownAttributes.TryGet(name, out string meaning, out string? decoder))
            {
                var source = new ExpressionSource(meaning, template.Location, template.Key, ExpressionParser.Parse(meaning), false);
                return fields.Add(new(name, source, decoder is null ? [] : [new(decoder)], template.Location, template.Key), binder, isReported: false);
            }

            string[] known = [.. definition.Emit.SelectMany(e => e.Attributes).Select(a => a.Name).Distinct()];
            if (segment.Expression is not { } expression)
                throw new ProbeLanguageException([new(template.Location, template.Key, $"{{{name}}} is no attribute of the probe{NearestNames.Suggest(name, known)}")]);
            return fields.Add(new(name, expression, segment.Decode ?? [], template.Location, template.Key), binder, isReported: false);
        }
    }
}

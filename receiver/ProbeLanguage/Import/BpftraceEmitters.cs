using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Statements to emitters.</summary>
internal sealed class BpftraceEmitters(BpftraceSource source, Func<ExpressionSyntax, ExpressionSource> rewritten)
{
    private const int Series = 4096; // as bpftrace's BPFTRACE_MAX_MAP_KEYS_DEFAULT

    public EmitterDefinition Translate(BpftraceStatement statement)
    {
        EmitterDefinition emitter = statement switch
        {
            BpftraceAggregation aggregation => Aggregate(aggregation),
            BpftraceAssignment assignment => Keyed(new GaugeDefinition { Location = At(assignment.Span), Key = "", Name = "", Mode = GaugeMode.Last }, assignment.Map, assignment.Value),
            BpftracePrint print => Print(print),
            _ => throw Refused(statement.Span, "this statement is not taken"),
        };
        return statement.When is { } when ? emitter with { When = rewritten(when) } : emitter;
    }

    private MetricDefinition Aggregate(BpftraceAggregation aggregation)
    {
        IReadOnlyList<ExpressionSyntax> arguments = aggregation.Arguments;
        int expected = aggregation.Function switch { "count" => 0, "lhist" => 4, _ => 1 };
        if (arguments.Count != expected)
        {
            throw Refused(aggregation.Span, aggregation.Function == "hist" && arguments.Count == 2
                ? "hist takes one argument; the number of bits is not taken"
                : $"{aggregation.Function} takes {expected} argument{(expected == 1 ? "" : "s")}, not {arguments.Count}");
        }

        SourceLocation location = At(aggregation.Span);
        MetricDefinition metric = aggregation.Function switch
        {
            "count" => new CounterDefinition { Location = location, Key = "", Name = "" },
            "sum" => new SumDefinition { Location = location, Key = "", Name = "" },
            "updown" => new UpDownDefinition { Location = location, Key = "", Name = "" },
            "min" => new GaugeDefinition { Location = location, Key = "", Name = "", Mode = GaugeMode.Minimum },
            "max" => new GaugeDefinition { Location = location, Key = "", Name = "", Mode = GaugeMode.Maximum },
            "hist" => new HistogramDefinition { Location = location, Key = "", Name = "", Buckets = new PowersOfTwoBuckets() },
            "lhist" => new HistogramDefinition { Location = location, Key = "", Name = "", Buckets = Linear(aggregation) },
            _ => new HistogramDefinition { Location = location, Key = "", Name = "", Buckets = new PowersOfTwoBuckets(), IsAverage = true },
        };
        return Keyed(metric, aggregation.Map, arguments.Count > 0 ? arguments[0] : null);
    }

    private MetricDefinition Keyed(MetricDefinition metric, MapSyntax map, ExpressionSyntax? value) => metric with
    {
        Name = "@" + map.Name,
        Value = value is null ? null : rewritten(value),
        IsRaw = true,
        Limits = new(Series, null),
        Attributes = Attributes(map.Keys),
    };

    private List<AttributeDefinition> Attributes(IReadOnlyList<ExpressionSyntax> keys)
    {
        var result = new List<AttributeDefinition>();
        foreach (ExpressionSyntax key in keys)
        {
            string name = source.Text.Substring(key.Span.Start, key.Span.Length);
            for (int i = 2; result.Exists(a => a.Name == name); i++)
                name = $"{source.Text.Substring(key.Span.Start, key.Span.Length)} ({i})";
            result.Add(new(name, rewritten(key), [], At(key.Span), ""));
        }

        return result;
    }

    private static LinearBuckets Linear(BpftraceAggregation aggregation)
    {
        decimal Constant(int index) => aggregation.Arguments[index] switch
        {
            NumberSyntax number => number.Value,
            UnarySyntax { Operator: UnarySyntaxOperator.Negate, Operand: NumberSyntax number } => -(decimal)number.Value,
            var other => throw Refused(other.Span, "a number is expected: lhist(x, min, max, step)"),
        };
        decimal min = Constant(1), max = Constant(2), step = Constant(3);
        if (step <= 0 || max <= min || (max - min) / step > LinearBuckets.MaxSteps || Math.Abs(min) > long.MaxValue || max > long.MaxValue)
            throw Refused(aggregation.Span, $"lhist takes a min below its max and a step above 0, at most {LinearBuckets.MaxSteps} steps");
        if (max - min < step)
            throw Refused(aggregation.Span, "the step of lhist is larger than what lies between its min and max");
        // What lies above the last whole step is counted with what lies above the maximum, as bpftrace does.
        return new(new(min, false), new(max - ((max - min) % step), false), new(step, false));
    }

    private LogDefinition Print(BpftracePrint print)
    {
        var segments = new List<TextSegment>();
        var literal = new StringBuilder();
        int argument = 0;
        string format = print.Format.EndsWith('\n') ? print.Format[..^1] : print.Format;
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                literal.Append(format[i]);
                continue;
            }

            int start = i++;
            while (i < format.Length && (char.IsAsciiDigit(format[i]) || format[i] is '-' or '+' or ' ' or '.' or '#' or 'l' or 'h' or 'z'))
                i++;
            if (i == format.Length)
                throw Refused(print.FormatSpan, $"\"{format[start..]}\" is no format");
            if (format[i] == '%')
            {
                literal.Append('%');
                continue;
            }

            // As a number, a pointer to a text is its address, and an enumerator its number.
            (string? number, IReadOnlyList<DecoderSpec> decode) = format[i] switch
            {
                's' or 'c' => ((string?)null, (IReadOnlyList<DecoderSpec>)[]),
                'd' or 'i' => ("s64", []),
                'u' => ("u64", []),
                'x' or 'X' or 'p' => ("u64", [new DecoderSpec("hex")]),
                var other => throw Refused(print.FormatSpan, $"%{other} is not taken; there are %d %u %x %p %s"),
            };
            if (argument >= print.Arguments.Count)
                throw Refused(print.FormatSpan, $"the format wants more than the {print.Arguments.Count} values that follow");
            if (literal.Length > 0)
                segments.Add(new(literal.ToString()));
            literal.Clear();
            ExpressionSyntax value = print.Arguments[argument++];
            ExpressionSyntax shown = number is null ? value : new CastSyntax(value.Span, new(value.Span, "", number, 0), value);
            // What is written alike can differ, by its decoder or as an element of what join takes.
            string name = source.Text.Substring(value.Span.Start, value.Span.Length);
            for (int n = 2; segments.Exists(s => s.Name == name); n++)
                name = $"{source.Text.Substring(value.Span.Start, value.Span.Length)} ({n})";
            segments.Add(new("", name, rewritten(shown), decode));
        }

        if (argument < print.Arguments.Count)
            throw Refused(print.Arguments[argument].Span, "the format has no place for this value");
        if (literal.Length > 0)
            segments.Add(new(literal.ToString()));
        return new() { Location = At(print.Span), Key = "", Body = new(print.Format, segments, At(print.FormatSpan), "") };
    }

    private SourceLocation At(TextSpan span) => source.LocationOf(span.Start);

    private static ExpressionSyntaxException Refused(TextSpan span, string message) => new(span, message);
}

using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Where the buckets of a histogram are: <c>scale</c>, <c>buckets</c> or <c>linear</c>.</summary>
internal static class BucketReader
{
    public static HistogramBuckets? Read(FieldReader fields, string variant)
    {
        int? scale = fields.Integer("scale", 0, ExponentialBuckets.MaxScale);
        if ((fields.Has("scale") ? 1 : 0) + (fields.Has("buckets") ? 1 : 0) + (fields.Has("linear") ? 1 : 0) > 1)
        {
            fields.Fail(
                fields.Has("buckets") ? "buckets" : "linear",
                "scale (exponential), buckets (explicit bounds) and linear (min, max, step) exclude one another");
            return null;
        }

        if (fields.Node("linear") is { } linear)
            return ReadLinear(linear, fields.PathOf("linear"), fields.Diagnostics);
        switch (fields.Node("buckets"))
        {
            case YamlMap map:
                return ReadLinear(map, fields.PathOf("buckets"), fields.Diagnostics);
            case YamlList list:
                return ReadExplicit(list, fields.PathOf("buckets"), fields.Diagnostics);
            case YamlScalar { Text: "exponential" }:
                break;
            case YamlScalar { Text: "powers_of_two" }:
                return new PowersOfTwoBuckets();
            case null when variant is "explicit" or "linear":
                fields.Diagnostics.Add(fields.Location, fields.Key, variant == "linear"
                    ? "the key linear is missing, such as linear: { min: 0, max: 100, step: 10 }"
                    : "the key buckets is missing, such as buckets: [1ms, 5ms, 20ms]");
                return null;
            case null:
                break;
            case var other:
                fields.Fail("buckets", $"a list of bounds such as [1ms, 5ms, 20ms], {{ min: 0, max: 100, step: 10 }}, exponential or powers_of_two is expected, not {other.Describe()}");
                return null;
        }

        if (variant is not ("" or "exponential"))
        {
            fields.Diagnostics.Add(fields.Location, fields.Key, $"a histogram is exponential, explicit or linear, not \"{variant}\"");
            return null;
        }

        return fields.Has("scale") && scale is null ? null : new ExponentialBuckets(scale ?? ExponentialBuckets.DefaultScale);
    }

    private static ExplicitBuckets? ReadExplicit(YamlList list, string key, DiagnosticBag diagnostics)
    {
        if (list.Items.Count is 0 or > ExplicitBuckets.MaxBounds)
        {
            diagnostics.Add(list.Location, key, $"1 to {ExplicitBuckets.MaxBounds} bounds are expected");
            return null;
        }

        var bounds = new List<BucketBound>();
        foreach (YamlNode item in list.Items)
        {
            if (ReadBound(item, key, diagnostics) is not { } bound)
                return null;
            if (bounds.Count > 0 && bounds[^1].IsTime != bound.IsTime)
            {
                diagnostics.Add(item.Location, key, "bounds are all times or all numbers");
                return null;
            }

            if (bounds.Count > 0 && bound.Value <= bounds[^1].Value)
            {
                diagnostics.Add(item.Location, key, "bounds rise; this one is not above the one before it");
                return null;
            }

            bounds.Add(bound);
        }

        return new(bounds);
    }

    private static LinearBuckets? ReadLinear(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (FieldReader.Open(node, key, diagnostics, "linear", "min", "max", "step") is not { } fields)
            return null;
        foreach (string name in (string[])["min", "max", "step"])
        {
            if (!fields.Has(name))
            {
                diagnostics.Add(node.Location, key, $"the key {name} is missing");
                return null;
            }
        }

        if (ReadBound(fields.Node("min")!, fields.PathOf("min"), diagnostics) is not { } min
            || ReadBound(fields.Node("max")!, fields.PathOf("max"), diagnostics) is not { } max
            || ReadBound(fields.Node("step")!, fields.PathOf("step"), diagnostics) is not { } step)
        {
            return null;
        }

        if (min is { Value: 0 })
            min = min with { IsTime = max.IsTime };
        string? problem = (min, max, step) switch
        {
            _ when min.IsTime != max.IsTime || max.IsTime != step.IsTime => "min, max and step are all times or all numbers",
            _ when step.Value <= 0 => "step is above 0",
            _ when max.Value <= min.Value => "max is above min",
            _ when (max.Value - min.Value) % step.Value != 0 => "max is to be min plus a whole number of steps",
            _ when (max.Value - min.Value) / step.Value > LinearBuckets.MaxSteps => $"at most {LinearBuckets.MaxSteps} steps lie between min and max",
            _ => null,
        };
        if (problem is null)
            return new(min, max, step);
        diagnostics.Add(node.Location, key, problem);
        return null;
    }

    private static BucketBound? ReadBound(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (node is YamlScalar { IsNull: false } scalar)
        {
            string text = scalar.Text.Trim();
            bool negative = text.StartsWith('-');
            string number = negative ? text[1..] : text;
            if (QuantityReader.TryTime(number, out long nanoseconds))
                return new(negative ? -nanoseconds : nanoseconds, true);
            if (QuantityReader.TryNumber(number, out decimal value)
                || decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value))
            {
                if (Math.Abs(value) < 9_000_000_000_000_000_000m)
                    return new(negative ? -value : value, false);
            }
        }

        diagnostics.Add(node.Location, key, $"a number or a time is expected, not {node.Describe()}");
        return null;
    }
}

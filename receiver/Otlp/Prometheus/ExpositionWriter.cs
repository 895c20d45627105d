using System.Buffers;
using System.Globalization;
using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>Writes families of series in one of the text formats.</summary>
internal readonly struct ExpositionWriter(IBufferWriter<byte> output, PrometheusFormat format)
{
    private bool IsOpenMetrics => format == PrometheusFormat.OpenMetrics;

    public void Family(PrometheusFamily family)
    {
        string sample = family.Type == PrometheusType.Counter ? family.Name + "_total" : family.Name;
        Header(IsOpenMetrics ? family.Name : sample, TypeName(family.Type), family.Unit, family.Help);
        foreach (PrometheusSeries series in family.Series.Values)
        {
            switch (family.Type)
            {
                case PrometheusType.Histogram:
                    Histogram(family.Name, series);
                    break;
                case PrometheusType.Summary:
                    Summary(family.Name, series);
                    break;
                default:
                    Sample(sample, "", series.Labels, "", "");
                    Value(series);
                    break;
            }
        }
    }

    public void Targets(IEnumerable<string> targets)
    {
        bool first = true;
        foreach (string labels in targets)
        {
            if (first)
                Header(IsOpenMetrics ? "target" : "target_info", IsOpenMetrics ? "info" : "gauge", "", "Resource attributes of a target.");
            first = false;
            Sample("target_info", "", labels, "", "");
            Text("1\n");
        }
    }

    public void End()
    {
        if (IsOpenMetrics)
            Text("# EOF\n");
    }

    private void Header(string name, string type, string unit, string help)
    {
        Text("# HELP ");
        Text(name);
        Text(" ");
        Text(Escaped(help));
        Text("\n# TYPE ");
        Text(name);
        Text(" ");
        Text(type);
        if (IsOpenMetrics && unit.Length > 0)
        {
            Text("\n# UNIT ");
            Text(name);
            Text(" ");
            Text(unit);
        }
        Text("\n");
    }

    private void Histogram(string name, PrometheusSeries series)
    {
        ulong count = 0;
        for (int i = 0; i < series.Counts.Length; i++)
        {
            count += series.Counts[i];
            Sample(name, "_bucket", series.Labels, "le", i < series.Bounds.Length ? Bound(series.Bounds[i]) : "+Inf");
            Number(count);
        }
        if (series.HasSum)
        {
            Sample(name, "_sum", series.Labels, "", "");
            Number(series.Sum);
        }
        Sample(name, "_count", series.Labels, "", "");
        Number(count);
    }

    private void Summary(string name, PrometheusSeries series)
    {
        for (int i = 0; i < series.Quantiles.Length; i++)
        {
            Sample(name, "", series.Labels, "quantile", Bound(series.Bounds[i]));
            Number(series.Quantiles[i]);
        }
        if (series.HasSum)
        {
            Sample(name, "_sum", series.Labels, "", "");
            Number(series.Sum);
        }
        Sample(name, "_count", series.Labels, "", "");
        Number(series.Count);
    }

    private void Sample(string name, string suffix, string labels, string extraName, string extraValue)
    {
        Text(name);
        Text(suffix);
        if (labels.Length > 0 || extraName.Length > 0)
        {
            Text("{");
            Text(labels);
            if (extraName.Length > 0)
            {
                Text(labels.Length > 0 ? "," : "");
                Text(extraName);
                Text("=\"");
                Text(extraValue);
                Text("\"");
            }
            Text("}");
        }
        Text(" ");
    }

    private void Value(PrometheusSeries series)
    {
        if (series.IsInteger)
            Number(series.Integer);
        else
            Number(series.Value);
    }

    private void Number<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Span<byte> room = output.GetSpan(32);
        value.TryFormat(room, out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
        Text("\n");
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
            Number<double>(value);
        else
            Text(double.IsNaN(value) ? "NaN\n" : value > 0 ? "+Inf\n" : "-Inf\n");
    }

    /// <summary>OpenMetrics wants le and quantile to look like floating-point numbers.</summary>
    private string Bound(double value)
    {
        if (double.IsPositiveInfinity(value))
            return "+Inf";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return IsOpenMetrics && text.AsSpan().IndexOfAny(".EN") < 0 ? text + ".0" : text;
    }

    private string Escaped(string help)
    {
        string escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return IsOpenMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private void Text(string text)
    {
        if (text.Length > 0)
            Encoding.UTF8.GetBytes(text, output);
    }

    private static string TypeName(PrometheusType type) => type switch
    {
        PrometheusType.Counter => "counter",
        PrometheusType.Histogram => "histogram",
        PrometheusType.Summary => "summary",
        _ => "gauge",
    };
}

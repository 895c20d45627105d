using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Names of metrics and labels as Prometheus has them (OpenTelemetry specification, "Prometheus and OpenMetrics
/// Compatibility", "Metric Metadata").
/// </summary>
internal static class PrometheusName
{
    /// <summary>The family's name: with its unit, without <c>_total</c>.</summary>
    public static string OfMetric(string name, string unit, PrometheusType type)
    {
        string result = Sanitize(name).TrimEnd('_');
        if (type == PrometheusType.Counter && result.EndsWith("_total", StringComparison.Ordinal))
            result = result[..^"_total".Length];
        if (result.Length == 0 || char.IsAsciiDigit(result[0]))
            result = "_" + result;
        string suffix = unit == "1" && type == PrometheusType.Gauge ? "ratio" : PrometheusUnit.Of(unit);
        if (suffix.Length > 0 && !HasSuffix(result, suffix))
            result += "_" + suffix;
        return type == PrometheusType.Gauge && IsOfHistograms(result) ? result + "_current" : result;
    }

    /// <summary>A label's name of an attribute key.</summary>
    public static string OfLabel(string key)
    {
        string result = Sanitize(key).Replace(':', '_');
        // The formats put le and quantile on samples themselves.
        if (result.Length == 0 || char.IsAsciiDigit(result[0]) || result is "le" or "quantile")
            return "key_" + result;
        // Names that begin with two underscores are Prometheus's own.
        return result.StartsWith('_') ? "key" + result : result;
    }

    /// <summary>Characters that names may not have become underscores, several of them one.</summary>
    public static string Sanitize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == ':')
                result.Append(c);
            else if (result.Length == 0 || result[^1] != '_')
                result.Append('_');
        }
        return result.ToString();
    }

    /// <summary>Names of a histogram's parts, which linters and some readers do not take for anything else.</summary>
    private static bool IsOfHistograms(string name) => HasSuffix(name, "count") || HasSuffix(name, "sum") || HasSuffix(name, "bucket");

    private static bool HasSuffix(string name, string suffix) =>
        name.EndsWith(suffix, StringComparison.Ordinal) &&
        (name.Length == suffix.Length || name[name.Length - suffix.Length - 1] == '_');
}

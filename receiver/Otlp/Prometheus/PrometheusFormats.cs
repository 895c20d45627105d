using System.Globalization;

namespace EbpfReceiver.Otlp;

/// <summary>Chooses the format by what a scraper accepts.</summary>
internal static class PrometheusFormats
{
    public static string ContentType(PrometheusFormat format) => format == PrometheusFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>OpenMetrics when it is wanted at least as much as plain text.</summary>
    public static PrometheusFormat Choose(string? accept)
    {
        double openMetrics = -1;
        double text = -1;
        foreach (Range range in (accept ?? "").AsSpan().Split(','))
        {
            ReadOnlySpan<char> part = accept.AsSpan(range).Trim();
            double weight = WeightOf(part);
            if (part.StartsWith("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
                openMetrics = Math.Max(openMetrics, weight);
            else if (part.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase))
                text = Math.Max(text, weight);
        }
        return openMetrics > 0 && openMetrics >= text ? PrometheusFormat.OpenMetrics : PrometheusFormat.Text;
    }

    private static double WeightOf(ReadOnlySpan<char> mediaRange)
    {
        int q = mediaRange.LastIndexOf("q=", StringComparison.OrdinalIgnoreCase);
        if (q < 0)
            return 1;
        ReadOnlySpan<char> value = mediaRange[(q + 2)..];
        int end = value.IndexOf(';');
        value = end < 0 ? value : value[..end];
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) ? weight : 1;
    }
}

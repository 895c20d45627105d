namespace EbpfReceiver.Otlp;

/// <summary>
/// Units as words of a metric name: <c>s</c> is seconds, <c>By/s</c> is bytes_per_second, and annotations in braces are nothing
/// (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility").
/// </summary>
internal static class PrometheusUnit
{
    public static string Of(string unit)
    {
        int slash = unit.IndexOf('/');
        string main = Word(slash < 0 ? unit : unit[..slash]);
        if (slash < 0)
            return main;
        string per = PerWord(unit[(slash + 1)..]);
        if (per.Length == 0)
            return main;
        return main.Length == 0 ? "per_" + per : main + "_per_" + per;
    }

    private static string Word(string unit) => WithoutAnnotation(unit) switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "1" or "" => "",
        string other => PrometheusName.Sanitize(other).Trim('_'),
    };

    private static string PerWord(string unit) => WithoutAnnotation(unit) switch
    {
        "s" => "second",
        "m" or "min" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        string other => PrometheusName.Sanitize(other).Trim('_'),
    };

    private static string WithoutAnnotation(string unit)
    {
        int open = unit.IndexOf('{');
        int close = unit.LastIndexOf('}');
        return (open < 0 || close < open ? unit : unit.Remove(open, close - open + 1)).Trim();
    }
}

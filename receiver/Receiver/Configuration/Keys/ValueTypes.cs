using EbpfReceiver.Otlp;
using Serilog.Events;

namespace EbpfReceiver.Configuration;

/// <summary>The types that more than one key has.</summary>
internal static class ValueTypes
{
    public static readonly TextType Text = new();
    public static readonly TextType MaybeEmptyText = new(mayBeEmpty: true);
    public static readonly BooleanType Boolean = new();
    public static readonly ListenEndpointType ListenEndpoint = new();
    public static readonly UrlType Url = new();
    public static readonly MapType<string> TextMap = new(MaybeEmptyText, "map of text");
    public static readonly TextType AbsolutePath = new("path", "an absolute path", static path => path.StartsWith('/'));
    public static readonly DurationType Wait = new(TimeSpan.Zero, TimeSpan.FromHours(24), "such as 200ms, 10s or 5m, at most 24h");

    public static readonly DurationType Timeout =
        new(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1), "such as 200ms, 10s or 5m, from 1ms to 1h");

    public static readonly ChoiceType<OtlpCompression> Compression = new(
        ("gzip", OtlpCompression.Gzip), ("zstd", OtlpCompression.Zstd), ("none", OtlpCompression.None));

    public static readonly ChoiceType<LogEventLevel> LogLevel = new(
        ("trace", LogEventLevel.Verbose), ("debug", LogEventLevel.Debug), ("info", LogEventLevel.Information),
        ("warn", LogEventLevel.Warning), ("error", LogEventLevel.Error));
}

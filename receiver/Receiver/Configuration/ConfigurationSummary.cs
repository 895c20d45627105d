using System.Globalization;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>What a configuration amounts to, in a few lines.</summary>
internal static class ConfigurationSummary
{
    public static IEnumerable<string> Lines(ReceiverConfiguration configuration)
    {
        string[] running = [.. ProbePatternType.ProbeNames.Where(configuration.Probes.Includes)];
        string attach = configuration.Probes.Attach == AttachPreference.Auto ? "" : $", only by {configuration.Probes.Attach}";
        yield return running.Length == 0 ? "probes     none: nothing would be observed" : $"probes     {string.Join(", ", running)}{attach}";
        if (configuration.Probes.Files.Count > 0)
            yield return $"files      {string.Join(", ", configuration.Probes.Files)}";
        yield return $"endpoint   {configuration.Receiver.Endpoint} (gRPC){Exposure(configuration.Receiver.Endpoint)}";
        if (configuration.Receiver.HttpEndpoint is { } otlpHttp)
            yield return $"http       {otlpHttp} (OTLP/HTTP){Exposure(otlpHttp)}";

        ExportersConfiguration exporters = configuration.Exporters;
        if (exporters.Otlp is { } grpc)
            yield return $"otlp       {Url(grpc.Endpoint)} (gRPC, {Compression(grpc)})";
        if (exporters.OtlpHttp is { } http)
            yield return $"otlp_http  {Url(http.Endpoint)} ({Compression(http)})";
        if (exporters.Prometheus is { } page)
            yield return $"prometheus http://{page.Endpoint}/metrics{Exposure(page.Endpoint)}";
        if (exporters.File is { } file)
            yield return $"file       {file.Path}";
        if (exporters.Console is not null)
            yield return "console    on standard output";
        if (exporters is { Otlp: null, OtlpHttp: null, Prometheus: null, File: null, Console: null })
            yield return "exporters  none is named: telemetry is only there for Pull and Tail on the gRPC endpoint";

        yield return $"metrics    every {Duration(configuration.Metrics.Interval)}, {configuration.Metrics.Temporality.ToString().ToLowerInvariant()}";
    }

    /// <summary>The URL without user and password.</summary>
    public static string Url(Uri endpoint) => endpoint.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped).TrimEnd('/');

    public static string Duration(TimeSpan value) => value.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.###} s")
        : string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds:0.###} ms");

    private static string Compression(OtlpExporterConfiguration exporter) =>
        exporter.Compression == OtlpCompression.None ? "not compressed" : exporter.Compression.ToString().ToLowerInvariant();

    private static string Exposure(ListenEndpoint endpoint) => endpoint.IsLocal ? "" : ", open to the network";
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>
/// Where an exporter sends to: an http or https URL, a unix socket, or a host with a port, of which the section says whether it speaks TLS.
/// </summary>
internal sealed class UrlType()
    : ScalarType<Uri>("URL", "a URL such as http://127.0.0.1:4317, https://collector:4317 or unix:///run/otlp.sock, or a host and port")
{
    /// <summary>Stands for a scheme that is not written.</summary>
    private const string NoScheme = "otlp";

    public override bool TryParse(string text, [MaybeNullWhen(false)] out Uri value)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out value)
                && (value.Scheme is "http" or "https" ? value.Host.Length > 0 : value.Scheme is "unix" && value.AbsolutePath.Length > 1);
        }

        return Uri.TryCreate($"{NoScheme}://{text}", UriKind.Absolute, out value)
            && value.Host.Length > 0 && value.Port > 0 && value.AbsolutePath is "" or "/";
    }

    /// <summary>The URL of an endpoint that was written without its scheme; others stay as they are.</summary>
    [return: NotNullIfNotNull(nameof(endpoint))]
    public static Uri? WithScheme(Uri? endpoint, bool insecure) =>
        endpoint?.Scheme == NoScheme ? new Uri($"{(insecure ? "http" : "https")}://{endpoint.Authority}") : endpoint;

    public override void WriteSchema(Utf8JsonWriter writer) => WritePattern(writer, @"^(https?|unix)://.+$|^[^/]+:\d+$");
}

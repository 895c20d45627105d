using EbpfReceiver.Configuration;

namespace EbpfReceiver.Services.Listeners;

/// <summary>Which listeners other machines can reach without TLS or without a proof of who they are.</summary>
internal static class Exposure
{
    /// <summary>Those listeners: the key, where it listens, and what it lacks, as <c>without TLS</c>.</summary>
    public static IReadOnlyList<(string Key, ListenEndpoint Endpoint, string Lacking)> Of(ReceiverServicesOptions options)
    {
        string? services = Lacking(options.Tls, options.Auth), pages = Lacking(options.PagesTls, options.PagesAuth);
        return [
            .. Open("receiver.endpoint", options.Grpc, services),
            .. Open("receiver.http.endpoint", options.Http, services),
            .. Open("exporters.prometheus.endpoint", options.Pages, pages),
        ];
    }

    private static IEnumerable<(string Key, ListenEndpoint Endpoint, string Lacking)> Open(
        string key, IReadOnlyList<ListenEndpoint> endpoints, string? lacking)
    {
        foreach (ListenEndpoint endpoint in endpoints)
        {
            if (!endpoint.IsLocal && lacking is not null) yield return (key, endpoint, lacking);
        }
    }

    private static string? Lacking(ServerTlsConfiguration? tls, TokenConfiguration auth) =>
        (tls is null, auth.IsEmpty && tls?.ClientCaFile is null) switch
        {
            (true, true) => "without TLS and without tokens",
            (true, false) => "without TLS: tokens can be read on the way",
            (false, true) => "without tokens or certificates of clients",
            _ => null,
        };
}

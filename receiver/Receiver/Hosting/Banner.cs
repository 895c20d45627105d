using EbpfReceiver.Configuration;
using EbpfReceiver.Probes;

namespace EbpfReceiver.Hosting;

/// <summary>What the receiver says once it runs: what runs, where it listens, where it exports.</summary>
internal static class Banner
{
    public static IEnumerable<string> Lines(ReceiverConfiguration configuration, IReadOnlyList<ProbeStatus> probes, IReadOnlyList<string> addresses)
    {
        // How each hook attached, and why one did not, the log has said by now.
        foreach (IGrouping<ProbeState, ProbeStatus> state in probes.GroupBy(p => p.State).OrderBy(g => g.Key == ProbeState.Running ? 0 : 1))
            yield return $"{state.Key.ToString().ToLowerInvariant()}: {string.Join(", ", state.Select(p => p.Name))}";
        string grpc = addresses.Count > 0 ? addresses[0] : configuration.Receiver.Endpoint.ToString();
        yield return $"listening on {grpc} (gRPC: OTLP, inspection, health, reflection)";
        if (configuration.Receiver.HttpEndpoint is { } otlpHttp)
            yield return $"listening on {(addresses.Count > 1 ? addresses[1] : otlpHttp)} (OTLP/HTTP)";
        if (configuration.Exporters.Prometheus is { } page)
            yield return $"serving {(addresses.Count > 1 ? addresses[^1] : page.Endpoint)}/metrics, /healthz, /readyz";
        if (configuration.Exporters.Otlp is { } otlp)
            yield return $"exporting to {ConfigurationSummary.Url(otlp.Endpoint)} (OTLP/gRPC)";
        if (configuration.Exporters.OtlpHttp is { } http)
            yield return $"exporting to {ConfigurationSummary.Url(http.Endpoint)} (OTLP/HTTP)";
        if (configuration.Exporters.File is { } file)
            yield return $"writing to {Path.GetFullPath(file.Path)}";
    }
}

using System.Net.Sockets;
using EbpfReceiver.Configuration;
using EbpfReceiver.Services;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Doctor;

/// <summary>Whether the receiver's ports are free, and whether somebody listens where it exports to.</summary>
internal static class EndpointChecks
{
    private const string Area = "endpoints";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Check>> RunAsync(ReceiverConfiguration configuration)
    {
        var checks = new List<Check> { Listen("gRPC", configuration.Receiver.Endpoint, "receiver.endpoint") };
        if (configuration.Receiver.HttpEndpoint is { } otlpHttp)
            checks.Add(Listen("OTLP/HTTP", otlpHttp, "receiver.http.endpoint"));
        if (configuration.Exporters.Prometheus is { } page)
            checks.Add(Listen("metrics page", page.Endpoint, "exporters.prometheus.endpoint"));
        checks.AddRange(Exposed(configuration));
        if (configuration.Exporters.Otlp is { } grpc)
            checks.Add(await ReachAsync("otlp", grpc.Endpoint));
        if (configuration.Exporters.OtlpHttp is { } http)
            checks.Add(await ReachAsync("otlp_http", http.Endpoint));
        return checks;
    }

    /// <summary>A listener that other machines can reach, and what it lacks.</summary>
    public static IEnumerable<Check> Exposed(ReceiverConfiguration configuration)
    {
        foreach ((string key, ListenEndpoint endpoint, string lacking) in Exposure.Of(ReceiverServicesOptions.Of(configuration)))
        {
            string section = key[..key.LastIndexOf('.')].Replace("receiver.http", "receiver", StringComparison.Ordinal);
            yield return new Check(
                Area, key, CheckOutcome.Degraded, $"{endpoint} is open to the network {lacking}",
                $"Listen on loopback or a unix socket, or set {section}.tls and {section}.auth.token_file.");
        }
    }

    public static Check Listen(string name, ListenEndpoint endpoint, string key)
    {
        if (endpoint.Address is not { } address)
            return new Check(Area, name, CheckOutcome.Yes, endpoint.ToString());
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(address);
            socket.Listen(1);
            return new Check(Area, name, CheckOutcome.Yes, $"{endpoint} is free");
        }
        catch (SocketException e)
        {
            return new Check(
                Area, name, CheckOutcome.No, $"{endpoint} cannot be listened on: {Terminal.TerminalText.Clean(e.Message)}",
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"If that is this receiver, all is well; else choose another with --set {key}=ADDRESS:PORT."
                    : $"Choose another with --set {key}=ADDRESS:PORT.");
        }
    }

    public static async Task<Check> ReachAsync(string exporter, Uri endpoint)
    {
        string url = ConfigurationSummary.Url(endpoint);
        try
        {
            using var patience = new CancellationTokenSource(s_patience);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint.DnsSafeHost, endpoint.Port, patience.Token);
            return new Check(Area, exporter, CheckOutcome.Yes, $"{url} takes connections");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            string reason = e is SocketException s ? Terminal.TerminalText.Clean(s.Message) : $"no answer within {s_patience.TotalSeconds} s";
            return new Check(
                Area, exporter, CheckOutcome.Degraded, $"{url}: {reason}",
                "Telemetry waits in a bounded queue and is sent when the collector comes up; start it, or mend the endpoint.");
        }
    }
}

using System.CommandLine;
using EbpfReceiver.Proto.V1;
using Grpc.Core;
using Grpc.Health.V1;

namespace EbpfReceiver.Cli;

/// <summary><c>health</c>: asks a running receiver whether it sees something; for images that have no other client in them.</summary>
internal static class HealthCommand
{
    /// <summary>Whoever asks regularly, asks again soon.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var endpoint = new Option<string>("--endpoint", "-e")
        {
            Description = "Where the receiver listens: host:port or unix:///path.",
            DefaultValueFactory = _ => ReceiverClient.DefaultEndpoint,
        };
        var command = new Command("health", "Ask a running receiver whether probes run and their samples are read. Exit code 1, and the reason, when not.")
        {
            endpoint,
        };
        var options = new ClientOptions();
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using ReceiverClient client = ReceiverClient.Connect(parsed.GetValue(endpoint)!, options.Load(parsed));
            try
            {
                await CheckAsync(client, parsed.InvocationConfiguration.Output, cancel);
                return ExitCode.Success;
            }
            catch (RpcException e)
            {
                throw client.Explain(e);
            }
        });
        return command;
    }

    private static async Task CheckAsync(ReceiverClient client, TextWriter output, CancellationToken cancel)
    {
        DateTime deadline = DateTime.UtcNow + s_deadline;
        HealthCheckResponse health = await client.Health.CheckAsync(new HealthCheckRequest(), deadline: deadline, cancellationToken: cancel);
        ListProbesResponse probes;
        try
        {
            probes = await client.Service.ListProbesAsync(new ListProbesRequest(), deadline: deadline, cancellationToken: cancel);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            // Health is told to everyone; more than yes or no takes the token.
            probes = new ListProbesResponse();
        }

        string running = string.Join(", ", probes.Probes.Where(p => p.State is ProbeState.Running or ProbeState.Degraded).Select(p => p.Name));
        if (health.Status == HealthCheckResponse.Types.ServingStatus.Serving)
        {
            await output.WriteLineAsync(running.Length > 0 ? $"serving: {running}" : "serving");
            return;
        }

        string? failed = probes.Probes.Where(p => p.State == ProbeState.Failed)
            .Select(p => $"{p.Name}: {p.Reasons.FirstOrDefault()?.Reason}").FirstOrDefault();
        string reason = probes.Probes.Any(p => p.State == ProbeState.Loading) ? "probes are being attached"
            : running.Length > 0 ? "samples are not read, the receiver's log and /readyz say why"
            : failed ?? "no probe runs";
        throw new CommandFailedException($"not serving: {reason}");
    }
}

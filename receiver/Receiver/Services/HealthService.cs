using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using StatusCode = Grpc.Core.StatusCode;

namespace EbpfReceiver.Services;

/// <summary>
/// Answers <c>grpc.health.v1.Health</c>. The receiver as a whole (the empty name) serves while probes really run; a service, while it is
/// there; <c>ebpfreceiver.probe.NAME</c>, while that probe runs; <c>ebpfreceiver.outlet.NAME</c>, while the disk of that exporter's queue, if
/// it has one, takes what it is given.
/// </summary>
/// <param name="probes">The probes.</param>
/// <param name="stall">Why nothing is seen although probes run; null if it is.</param>
/// <param name="fanout">The outlets.</param>
/// <param name="lifetime">Watches end when the server stops.</param>
internal sealed class HealthService(IProbeDirectory probes, Func<string?> stall, Fanout fanout, IHostApplicationLifetime lifetime)
    : Health.HealthBase
{
    /// <summary>What the name of a probe is preceded by.</summary>
    public const string ProbePrefix = "ebpfreceiver.probe.";

    /// <summary>What the name of an exporter is preceded by.</summary>
    public const string OutletPrefix = "ebpfreceiver.outlet.";

    /// <summary>How often a watch looks: states change when a person or the attacher acts, seconds apart.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ServingStatus status = StatusOf(request.Service);
        return status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"There is no service '{request.Service}'."))
            : Task.FromResult(new HealthCheckResponse { Status = status });
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(s_interval);
        ServingStatus last = ServingStatus.Unknown;
        try
        {
            do
            {
                ServingStatus status = StatusOf(request.Service);
                if (status == last) continue;
                last = status;
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, stop.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a watch ends.
        }
    }

    private ServingStatus StatusOf(string service)
    {
        if (service.Length == 0) return Serving(stall() is null && Readiness.IsReady(probes.List()));
        if (service.StartsWith(ProbePrefix, StringComparison.Ordinal))
        {
            foreach (ProbeStatus probe in probes.List())
            {
                if (service.AsSpan(ProbePrefix.Length).SequenceEqual(probe.Name)) return Serving(Readiness.Runs(probe));
            }
        }

        if (service.StartsWith(OutletPrefix, StringComparison.Ordinal))
        {
            foreach (IOutlet outlet in fanout.Outlets)
            {
                if (service.AsSpan(OutletPrefix.Length).SequenceEqual(outlet.Name)) return Serving(outlet.Statistics.Storage?.Fault is null);
            }
        }

        return PublishedServices.Names.Contains(service) ? ServingStatus.Serving : ServingStatus.ServiceUnknown;
    }

    private static ServingStatus Serving(bool yes) => yes ? ServingStatus.Serving : ServingStatus.NotServing;
}

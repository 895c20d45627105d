using EbpfReceiver.Bpf;
using EbpfReceiver.Hosting;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes;
using EbpfReceiver.Proto.V1;
using EbpfReceiver.Services.Access;
using Grpc.Core;

namespace EbpfReceiver.Services;

/// <summary>Answers <c>ebpfreceiver.v1.ReceiverService</c>, but for the telemetry itself: see <see cref="TelemetryFeed"/>.</summary>
/// <param name="probes">The probes.</param>
/// <param name="statistics">The receiver's counters.</param>
/// <param name="feed">Recent and coming telemetry.</param>
/// <param name="control">The right to change something.</param>
internal sealed class InspectionService(
    IProbeDirectory probes, IReceiverStatistics statistics, TelemetryFeed feed, ControlRight control)
{
    public TelemetryFeed Feed { get; } = feed;

    public ListProbesResponse ListProbes()
    {
        var response = new ListProbesResponse();
        foreach (ProbeStatus probe in probes.List()) response.Probes.Add(ProbeMessages.Of(probe, alternatives: false));
        return response;
    }

    public ExplainProbeResponse ExplainProbe(ExplainProbeRequest request)
    {
        try
        {
            return ProbeMessages.Of(probes.Explain(Named(request.Name)));
        }
        catch (UnknownProbeException e)
        {
            throw NotFound(e);
        }
    }

    public async Task<SetProbeEnabledResponse> SetProbeEnabledAsync(SetProbeEnabledRequest request, ServerCallContext call)
    {
        control.Demand(call.GetHttpContext());
        try
        {
            ProbeStatus status = await probes.SetEnabledAsync(Named(request.Name), request.Enabled).ConfigureAwait(false);
            return new SetProbeEnabledResponse { Probe = ProbeMessages.Of(status, alternatives: true) };
        }
        catch (UnknownProbeException e)
        {
            throw NotFound(e);
        }
    }

    public async Task<AddProbeResponse> AddProbeAsync(AddProbeRequest request, ServerCallContext call)
    {
        control.Demand(call.GetHttpContext());
        if (request.Yaml.Length == 0) throw new RpcException(new Status(StatusCode.InvalidArgument, "yaml is required: a document with probes."));
        try
        {
            var response = new AddProbeResponse();
            foreach (ProbeStatus probe in await probes.AddAsync(request.Yaml).ConfigureAwait(false))
                response.Probes.Add(ProbeMessages.Of(probe, alternatives: true));
            return response;
        }
        catch (ProbeLanguageException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (BpfException e)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, e.Message));
        }
    }

    public async Task<RemoveProbeResponse> RemoveProbeAsync(RemoveProbeRequest request, ServerCallContext call)
    {
        control.Demand(call.GetHttpContext());
        try
        {
            await probes.RemoveAsync(Named(request.Name)).ConfigureAwait(false);
            return new RemoveProbeResponse();
        }
        catch (UnknownProbeException e)
        {
            throw NotFound(e);
        }
    }

    public GetStatsResponse GetStats() => StatisticsMessages.Of(statistics.Snapshot(), statistics.Measurements(), DateTimeOffset.UtcNow);

    private static string Named(string name) =>
        name.Length > 0 ? name : throw new RpcException(new Status(StatusCode.InvalidArgument, "name is required: the name of a probe."));

    private static RpcException NotFound(UnknownProbeException e) => new(new Status(StatusCode.NotFound, e.Message));
}

using EbpfReceiver.Proto.V1;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace EbpfReceiver.Services;

/// <summary>
/// Binds the methods of <c>ebpfreceiver.v1.ReceiverService</c>. Pull and Tail write the bytes of batches as they are, which the generated
/// base class would decode and encode again.
/// </summary>
internal sealed class InspectionMethods : IServiceMethodProvider<InspectionService>
{
    /// <inheritdoc/>
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<InspectionService> context)
    {
        context.AddUnaryMethod(
            Unary("ListProbes", ProtobufMarshaller.Of(ListProbesRequest.Parser), ProtobufMarshaller.Of(ListProbesResponse.Parser)),
            [],
            static (service, _, _) => Task.FromResult(service.ListProbes()));
        context.AddUnaryMethod(
            Unary("ExplainProbe", ProtobufMarshaller.Of(ExplainProbeRequest.Parser), ProtobufMarshaller.Of(ExplainProbeResponse.Parser)),
            [],
            static (service, request, _) => Task.FromResult(service.ExplainProbe(request)));
        context.AddUnaryMethod(
            Unary(
                "SetProbeEnabled", ProtobufMarshaller.Of(SetProbeEnabledRequest.Parser), ProtobufMarshaller.Of(SetProbeEnabledResponse.Parser)),
            [],
            static (service, request, call) => service.SetProbeEnabledAsync(request, call));
        context.AddUnaryMethod(
            Unary("AddProbe", ProtobufMarshaller.Of(AddProbeRequest.Parser), ProtobufMarshaller.Of(AddProbeResponse.Parser)),
            [],
            static (service, request, call) => service.AddProbeAsync(request, call));
        context.AddUnaryMethod(
            Unary("RemoveProbe", ProtobufMarshaller.Of(RemoveProbeRequest.Parser), ProtobufMarshaller.Of(RemoveProbeResponse.Parser)),
            [],
            static (service, request, call) => service.RemoveProbeAsync(request, call));
        context.AddUnaryMethod(
            Unary("GetStats", ProtobufMarshaller.Of(GetStatsRequest.Parser), ProtobufMarshaller.Of(GetStatsResponse.Parser)),
            [],
            static (service, _, _) => Task.FromResult(service.GetStats()));
        context.AddUnaryMethod(
            Unary("Pull", ProtobufMarshaller.Of(PullRequest.Parser), TelemetryReply.Marshaller),
            [],
            static (service, request, call) => service.Feed.PullAsync(request, call.CancellationToken));
        context.AddServerStreamingMethod(
            new Method<TailRequest, TelemetryReply>(
                MethodType.ServerStreaming, PublishedServices.Inspection, "Tail", ProtobufMarshaller.Of(TailRequest.Parser), TelemetryReply.Marshaller),
            [],
            static (service, request, stream, call) => service.Feed.TailAsync(request, stream, call.CancellationToken));
    }

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(
        string name, Marshaller<TRequest> request, Marshaller<TResponse> response) =>
        new(MethodType.Unary, PublishedServices.Inspection, name, request, response);
}

using Grpc.Core;
using Grpc.Net.Client;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>Calls an OTLP service with any bytes as the request.</summary>
internal static class RawExport
{
    public const string Traces = "opentelemetry.proto.collector.trace.v1.TraceService";
    public const string Logs = "opentelemetry.proto.collector.logs.v1.LogsService";

    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <param name="address">HOST:PORT.</param>
    /// <param name="request">The message's bytes.</param>
    /// <returns>The status of the call.</returns>
    public static StatusCode Send(string address, byte[] request)
    {
        using GrpcChannel channel = Open(address);
        return Call(channel, Traces, request)?.StatusCode ?? StatusCode.OK;
    }

    public static GrpcChannel Open(string address) => GrpcChannel.ForAddress($"http://{address}");

    /// <param name="channel">Of <see cref="Open"/>.</param>
    /// <param name="service">One of the services.</param>
    /// <param name="request">The message's bytes.</param>
    /// <returns>Why it failed; null if it did not.</returns>
    public static RpcException? Call(GrpcChannel channel, string service, byte[] request)
    {
        try
        {
            CallOptions options = new(deadline: DateTime.UtcNow.AddMinutes(1));
            Method<byte[], byte[]> export = new(MethodType.Unary, service, "Export", s_bytes, s_bytes);
            channel.CreateCallInvoker().BlockingUnaryCall(export, null, options, request);
            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }
}

using Grpc.Core;
using Grpc.Net.Client;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>Calls the trace service with any bytes as the request.</summary>
internal static class RawExport
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> s_export =
        new(MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", s_bytes, s_bytes);

    /// <param name="address">HOST:PORT.</param>
    /// <param name="request">The message's bytes.</param>
    /// <returns>The status of the call.</returns>
    public static StatusCode Send(string address, byte[] request)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{address}");
        try
        {
            CallOptions options = new(deadline: DateTime.UtcNow.AddMinutes(1));
            channel.CreateCallInvoker().BlockingUnaryCall(s_export, null, options, request);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}

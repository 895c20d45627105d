using EbpfReceiver.Proto.V1;
using Google.Protobuf.Reflection;
using Xunit;

namespace OpenTelemetry.Proto.Tests;

public class InspectionServiceTests
{
    [Fact]
    public void The_service_has_its_eight_methods_and_only_Tail_streams()
    {
        ServiceDescriptor service = ReceiverReflection.Descriptor.Services.Single();
        Assert.Equal("ebpfreceiver.v1.ReceiverService", service.FullName);
        Assert.Equal(
            ["ListProbes", "ExplainProbe", "SetProbeEnabled", "AddProbe", "RemoveProbe", "GetStats", "Pull", "Tail"], service.Methods.Select(m => m.Name));
        Assert.Equal(["Tail"], service.Methods.Where(m => m.IsServerStreaming).Select(m => m.Name));
        Assert.DoesNotContain(service.Methods, m => m.IsClientStreaming);
    }

    [Theory]
    [InlineData(nameof(PullResponse))]
    [InlineData(nameof(TailResponse))]
    public void The_data_of_an_answer_are_the_OTLP_messages_at_rest(string name)
    {
        // The answers are written around the bytes of an export request, which has the same wire form as these.
        MessageDescriptor message = ReceiverReflection.Descriptor.MessageTypes.Single(m => m.Name == name);
        Assert.Equal(
            [
                (4, "opentelemetry.proto.trace.v1.TracesData"),
                (5, "opentelemetry.proto.metrics.v1.MetricsData"),
                (6, "opentelemetry.proto.logs.v1.LogsData"),
                (7, "opentelemetry.proto.profiles.v1development.ProfilesData"),
            ],
            message.Oneofs.Single().Fields.Select(f => (f.FieldNumber, f.MessageType.FullName)));
    }
}

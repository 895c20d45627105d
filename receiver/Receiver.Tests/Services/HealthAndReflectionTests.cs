using EbpfReceiver.Probes;
using EbpfReceiver.Services;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using Alpha = Grpc.Reflection.V1Alpha;

namespace EbpfReceiver.Tests.Services;

public class HealthAndReflectionTests
{
    private static readonly string[] s_services =
    [
        "ebpfreceiver.v1.ReceiverService",
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
        "opentelemetry.proto.collector.logs.v1.LogsService",
        "opentelemetry.proto.collector.metrics.v1.MetricsService",
        "opentelemetry.proto.collector.profiles.v1development.ProfilesService",
        "opentelemetry.proto.collector.trace.v1.TraceService",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Services_are_called_what_their_descriptors_call_them() =>
        Assert.Equal(PublishedServices.Descriptors().Select(d => d.FullName), PublishedServices.Names);

    [Theory]
    [InlineData(ProbeState.Running, ServingStatus.Serving)]
    [InlineData(ProbeState.Degraded, ServingStatus.Serving)]
    [InlineData(ProbeState.Failed, ServingStatus.NotServing)]
    [InlineData(ProbeState.Disabled, ServingStatus.NotServing)]
    [InlineData(ProbeState.Loading, ServingStatus.NotServing)]
    public async Task The_receiver_is_healthy_while_a_probe_runs(ProbeState state, ServingStatus expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Probes.Set("tcp", state);
        Assert.Equal(expected, await CheckAsync(server, ""));
        Assert.Equal(expected, await CheckAsync(server, "ebpfreceiver.probe.tcp"));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(server, "ebpfreceiver.probe.dns"));
    }

    [Fact]
    public async Task An_exporter_is_not_healthy_while_the_disk_of_its_queue_fails()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal(ServingStatus.Serving, await CheckAsync(server, "ebpfreceiver.outlet.recording"));
        server.Outlet.Statistics.Storage!.NoteFault("no room");
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(server, "ebpfreceiver.outlet.recording"));
        server.Outlet.Statistics.Storage.NoteFault(null);
        Assert.Equal(ServingStatus.Serving, await CheckAsync(server, "ebpfreceiver.outlet.recording"));
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(server, "ebpfreceiver.outlet.recorder"));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Every_service_has_a_health_and_others_are_not_found()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string service in s_services) Assert.Equal(ServingStatus.Serving, await CheckAsync(server, service));
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(server, "ebpfreceiver.probe.tpc"));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_watch_tells_when_it_changes()
    {
        await using TestServer server = await TestServer.StartAsync();
        using AsyncServerStreamingCall<HealthCheckResponse> watch =
            new Health.HealthClient(server.Channel).Watch(new HealthCheckRequest(), cancellationToken: Cancel);
        Assert.True(await watch.ResponseStream.MoveNext(Cancel));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
        server.Probes.Set("tcp", ProbeState.Failed);
        Assert.True(await watch.ResponseStream.MoveNext(Cancel));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task Reflection_lists_all_services_by_both_versions()
    {
        await using TestServer server = await TestServer.StartAsync();
        ServerReflectionResponse response = await AskAsync(server, new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(s_services, response.ListServicesResponse.Service.Select(s => s.Name).Order(StringComparer.Ordinal));

        using var call = new Alpha.ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new Alpha.ServerReflectionRequest { ListServices = "" }, Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(
            s_services, call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).Order(StringComparer.Ordinal));
        await call.RequestStream.CompleteAsync();
    }

    [Theory]
    [InlineData("ebpfreceiver.v1.ReceiverService", "Tail")]
    [InlineData("opentelemetry.proto.collector.trace.v1.TraceService", "Export")]
    [InlineData("opentelemetry.proto.collector.profiles.v1development.ProfilesService", "Export")]
    public async Task Reflection_describes_a_service_well_enough_to_call_it(string service, string method)
    {
        await using TestServer server = await TestServer.StartAsync();
        ServerReflectionResponse response = await AskAsync(server, new ServerReflectionRequest { FileContainingSymbol = service });
        IReadOnlyList<FileDescriptor> files = FileDescriptor.BuildFromByteStrings(
            Ordered([.. response.FileDescriptorResponse.FileDescriptorProto]));
        ServiceDescriptor found = files.SelectMany(f => f.Services).Single(s => s.FullName == service);
        Assert.Contains(found.Methods, m => m.Name == method && m.InputType.Fields.InDeclarationOrder().Count > 0);
    }

    /// <summary>Dependencies first, as the builder wants them.</summary>
    private static List<Google.Protobuf.ByteString> Ordered(List<Google.Protobuf.ByteString> files)
    {
        Dictionary<string, (FileDescriptorProto Proto, Google.Protobuf.ByteString Bytes)> byName = [];
        foreach (Google.Protobuf.ByteString bytes in files)
        {
            FileDescriptorProto proto = FileDescriptorProto.Parser.ParseFrom(bytes);
            byName[proto.Name] = (proto, bytes);
        }

        List<Google.Protobuf.ByteString> ordered = [];
        HashSet<string> done = [];
        void Add(string name)
        {
            if (!done.Add(name)) return;
            foreach (string dependency in byName[name].Proto.Dependency) Add(dependency);
            ordered.Add(byName[name].Bytes);
        }

        foreach (string name in byName.Keys) Add(name);
        return ordered;
    }

    private static async Task<ServerReflectionResponse> AskAsync(TestServer server, ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(request, Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        ServerReflectionResponse response = call.ResponseStream.Current;
        await call.RequestStream.CompleteAsync();
        return response;
    }

    private static async Task<ServingStatus> CheckAsync(TestServer server, string service) =>
        (await new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Cancel)).Status;
}

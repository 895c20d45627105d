using System.Net.Sockets;
using System.Runtime.Versioning;
using EbpfReceiver.Configuration;
using EbpfReceiver.Proto.V1;
using EbpfReceiver.Services;
using Grpc.Net.Client;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Tests.Services;

[SupportedOSPlatform("linux")]
public class UnixSocketTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_socket_left_behind_is_replaced_and_the_new_one_is_removed_at_the_end()
    {
        string folder = Directory.CreateTempSubdirectory("ebpf-receiver-").FullName;
        try
        {
            string path = Path.Combine(folder, "receiver.sock");
            using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                left.Bind(new UnixDomainSocketEndPoint(path));
                // A killed process leaves the file; here it is put back after the socket is closed.
                File.Move(path, path + ".left");
            }

            if (!File.Exists(path + ".left")) Assert.Fail("The file of the socket should have stayed.");
            File.Move(path + ".left", path);
            var options = new ReceiverServicesOptions { Grpc = [TestServer.Endpoint("unix://" + path)] };
            await using (TestServer server = await TestServer.StartAsync(options: options))
            {
                Assert.Equal("660", Convert.ToString((int)File.GetUnixFileMode(path), 8));
                using GrpcChannel channel = Connect(path);
                ListProbesResponse response = await new ReceiverService.ReceiverServiceClient(channel)
                    .ListProbesAsync(new ListProbesRequest(), cancellationToken: Cancel);
                Assert.Equal(2, response.Probes.Count);
            }

            Assert.False(File.Exists(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_sender_is_known_by_its_credentials_and_may_change_something_as_the_owner()
    {
        string path = Path.Combine(Path.GetTempPath(), $"ebpf-receiver-{Guid.NewGuid():N}.sock");
        var options = new ReceiverServicesOptions
        {
            Grpc = [TestServer.Endpoint("unix://" + path)],
            // Others than the owner are let in to be judged by their credentials.
            Peers = new PeersConfiguration { Gids = [12345] },
        };
        await using TestServer server = await TestServer.StartAsync(options: options);
        server.Peers.User = 12345;
        Assert.Equal("666", Convert.ToString((int)File.GetUnixFileMode(path), 8));
        using GrpcChannel channel = Connect(path);
        await new TraceService.TraceServiceClient(channel).ExportAsync(Samples.Spans("a"), cancellationToken: Cancel);
        Assert.Equal(Environment.ProcessId, Assert.Single(server.Peers.AskedPids));
        ExportTraceServiceRequest got = ExportTraceServiceRequest.Parser.ParseFrom(Assert.Single(server.Outlet.Batches).Bytes);
        Assert.Equal(["service.name", "process.pid"], got.ResourceSpans[0].Resource.Attributes.Select(a => a.Key));
        await new ReceiverService.ReceiverServiceClient(channel)
            .SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = "tcp" }, cancellationToken: Cancel);
    }

    private static GrpcChannel Connect(string path) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        },
    });
}

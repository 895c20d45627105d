using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EbpfReceiver.Configuration;
using EbpfReceiver.Services;
using EbpfReceiver.Tests.Hosting;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using OpenTelemetry.Proto.Collector.Trace.V1;
using StatusCode = Grpc.Core.StatusCode;

namespace EbpfReceiver.Tests.Services;

/// <summary>Clients that do what they should not, on real sockets; an honest one is served meanwhile.</summary>
[Collection(AloneCollection.Name)]
public class HostileClientTests
{
    private const string Protobuf = "application/x-protobuf";
    private const string Export = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task A_bomb_is_refused_before_it_is_inflated(string coding)
    {
        await using TestServer server = await TestServer.StartAsync();
        // 1 GiB of zeros is 1 MiB; ten of them would not fit anywhere.
        byte[] bomb = Zeros(1L << 30, coding);
        Assert.InRange(bomb.Length, 1, 3 << 20);
        long before = GC.GetTotalAllocatedBytes();
        using HttpResponseMessage response = await OtlpHttpTests.PostAsync(server, "/v1/traces", bomb, Protobuf, coding);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        RpcException refused =
            await Assert.ThrowsAsync<RpcException>(() => SendAsync(server.Channel, Frame(bomb, compressed: true), coding));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
        Assert.Equal(2, server.Parts.Endpoint.Refused(RefusalCause.TooLarge));
        await AssertServedAsync(server);
    }

    [Fact]
    public async Task A_bomb_for_another_service_is_refused_too()
    {
        await using TestServer server = await TestServer.StartAsync();
        Marshaller<byte[]> bytes = Marshallers.Create(static b => b, static b => b);
        var add = new Method<byte[], byte[]>(MethodType.Unary, "ebpfreceiver.v1.ReceiverService", "AddProbe", bytes, bytes);
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => server.Channel.CreateCallInvoker()
                .AsyncUnaryCall(add, null, new CallOptions(gzip, cancellationToken: Cancel), new byte[64 << 20]).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task A_request_over_the_limit_is_refused_by_what_it_announces_or_by_what_comes()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage announced = await OtlpHttpTests.PostAsync(server, "/v1/traces", new byte[(4 << 20) + 1], Protobuf);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, announced.StatusCode);
        using HttpResponseMessage just = await OtlpHttpTests.PostAsync(server, "/v1/traces", OneField(4 << 20), Protobuf);
        Assert.Equal(HttpStatusCode.OK, just.StatusCode);

        // Chunks, without a length: the answer comes while the client still sends.
        string answer = await ExchangeAsync(server, async stream =>
        {
            await WriteAsync(stream, Head("Transfer-Encoding: chunked"));
            byte[] chunk = [.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];
            for (int sent = 0; sent <= 4 << 20; sent += 0x10000) await stream.WriteAsync(chunk, Cancel);
        });
        Assert.StartsWith("HTTP/1.1 413", answer);
        await AssertServedAsync(server);
    }

    [Theory]
    [InlineData("", "The call has no message.")]
    [InlineData("00000000", "The call has no message.")]
    [InlineData("0000000001", "The message is cut: it is to have 1 bytes and has 0.")]
    [InlineData("000000000000", "The call has more than one message.")]
    [InlineData("0200000000", "The flag of the message is 2; there are only 0 and 1.")]
    [InlineData("0100000000", "The message is compressed, but grpc-encoding does not say how.")]
    public async Task A_call_that_is_not_framed_as_one_message_is_an_invalid_argument(string hex, string reason)
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => SendAsync(server.Channel, Convert.FromHexString(hex)));
        Assert.Equal((StatusCode.InvalidArgument, reason), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task A_message_that_announces_too_much_is_not_waited_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcException refused =
            await Assert.ThrowsAsync<RpcException>(() => SendAsync(server.Channel, Convert.FromHexString("00FFFFFFFF0000")));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        await AssertServedAsync(server);
    }

    [Fact]
    public async Task An_unknown_encoding_of_a_call_is_answered_with_those_that_are_known()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Addresses[0] + Export)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame([], compressed: true)),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.Add("grpc-encoding", "br");
        using HttpResponseMessage response = await server.Http.SendAsync(request, Cancel);
        Assert.Equal("12", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal("identity,gzip,zstd,deflate", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 1)]
    [InlineData("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 1)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x01\xff\x00\x00\x00\x00\x00\x00", 0)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\x01\x04\x00\x00\x00\x01", 0)]
    [InlineData("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 1)]
    [InlineData("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 1)]
    public async Task Garbage_ends_its_own_connection_and_no_other(string garbage, int listener)
    {
        await using TestServer server = await TestServer.StartAsync();
        using Socket socket = await ConnectAsync(server, listener);
        await socket.SendAsync(Encoding.Latin1.GetBytes(garbage), Cancel);
        socket.Shutdown(SocketShutdown.Send);
        await ReadToEndAsync(socket);
        await AssertServedAsync(server);
    }

    [Fact]
    public async Task Headers_without_end_are_refused()
    {
        await using TestServer server = await TestServer.StartAsync();
        string answer = await ExchangeAsync(
            server, stream => WriteAsync(stream, $"POST /v1/traces HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 20_000)}\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 431", answer);
    }

    [Fact]
    public async Task Bodies_and_headers_that_come_too_slowly_are_given_up_and_hold_no_memory()
    {
        ReceiverServicesOptions options = TestServer.Loopback with
        {
            Limits = new EndpointLimits
            {
                // An honest request has to be through by then, also on a machine that is busy.
                RequestTimeout = TimeSpan.FromSeconds(6),
                HeaderTimeout = TimeSpan.FromSeconds(6),
                MaxInFlightBytes = 16 << 20,
            },
        };
        await using TestServer server = await TestServer.StartAsync(options: options);
        List<Socket> slow = [];
        try
        {
            // Each announces 4 MiB: were they believed, four would take all there is.
            for (int i = 0; i < 100; i++)
            {
                Socket body = await ConnectAsync(server, 1);
                await body.SendAsync(Encoding.Latin1.GetBytes(Head("Content-Length: 4194304") + "x"), Cancel);
                slow.Add(body);
                Socket headers = await ConnectAsync(server, 1);
                await headers.SendAsync("POST /v1/traces HTTP/1.1\r\nHost:"u8.ToArray(), Cancel);
                slow.Add(headers);
            }

            await AssertServedAsync(server);
            string[] answers = await Task.WhenAll(slow.Select(ReadToEndAsync));
            Assert.Equal(200, answers.Count(a => a.StartsWith("HTTP/1.1 408", StringComparison.Ordinal)));
            Assert.Equal(100, server.Parts.Endpoint.Refused(RefusalCause.TooSlow));
            await AssertServedAsync(server);
        }
        finally
        {
            foreach (Socket socket in slow) socket.Dispose();
        }
    }

    [Fact]
    public async Task Bytes_under_way_are_bounded_over_all_requests()
    {
        ReceiverServicesOptions options = TestServer.Loopback with { Limits = new EndpointLimits { MaxInFlightBytes = 8 << 20 } };
        await using TestServer server = await TestServer.StartAsync(options: options);
        List<Socket> senders = [];
        try
        {
            byte[] head = Encoding.Latin1.GetBytes(Head("Content-Length: 4194304"));
            for (int i = 0; i < 6; i++)
            {
                Socket sender = await ConnectAsync(server, 1);
                senders.Add(sender);
                await sender.SendAsync(head, Cancel);
                await SendAllAsync(sender, new byte[3 << 20]);
            }

            // Six times three MiB do not fit into eight: some are told to come back, and the rest is kept waiting for its end.
            await UntilAsync(() => server.Parts.Endpoint.Refused(RefusalCause.InFlight) >= 4);
            string refused = await FirstAnswerAsync(senders);
            Assert.StartsWith("HTTP/1.1 503", refused);
            Assert.Contains("Retry-After: 1", refused);
        }
        finally
        {
            foreach (Socket sender in senders) sender.Dispose();
        }

        // What they held is free again once they are gone.
        await UntilServedAsync(server);
    }

    [Fact]
    public async Task Connections_over_the_limit_are_closed_and_counted_and_the_pages_stay_reachable()
    {
        const int Limit = 200, Clients = 10_000;
        ReceiverServicesOptions options = TestServer.Loopback with { Limits = new EndpointLimits { MaxConnections = Limit } };
        await using TestServer server = await TestServer.StartAsync(options: options);
        await AssertServedAsync(server);
        long before = Environment.WorkingSet;
        List<Socket> clients = [];
        try
        {
            // In rounds: the limit of open files holds for both ends, which are in this process.
            for (int i = 0; i < Clients; i++)
            {
                clients.Add(await ConnectAsync(server, 1));
                if (clients.Count < 500 || i == Clients - 1) continue;
                foreach (Socket socket in clients.Skip(Limit)) socket.Dispose();
                clients.RemoveRange(Limit, clients.Count - Limit);
            }

            await UntilAsync(() => server.Parts.Endpoint.Refused(RefusalCause.Connections) >= Clients - 2 * Limit);
            Assert.InRange(server.Parts.Endpoint.Connections, 0, 3 * Limit);
            Assert.Equal("ok\n", await server.Pages.GetStringAsync("/healthz", Cancel));
            await new TraceService.TraceServiceClient(server.Channel).ExportAsync(Samples.Spans("a"), cancellationToken: Cancel);
            Assert.InRange(Environment.WorkingSet - before, long.MinValue, 256L << 20);
        }
        finally
        {
            foreach (Socket socket in clients) socket.Dispose();
        }

        await UntilServedAsync(server);
    }

    [Fact]
    public async Task A_connection_is_told_how_many_calls_it_may_have_at_a_time()
    {
        ReceiverServicesOptions options = TestServer.Loopback with { Limits = new EndpointLimits { MaxConcurrentStreams = 7 } };
        await using TestServer server = await TestServer.StartAsync(options: options);
        using Socket socket = await ConnectAsync(server, 0);
        await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"u8.ToArray(), Cancel);
        await using var stream = new NetworkStream(socket);
        byte[] head = new byte[9];
        await stream.ReadExactlyAsync(head, Cancel);
        byte[] settings = new byte[head[2]];
        await stream.ReadExactlyAsync(settings, Cancel);
        Assert.Equal(4, head[3]);
        // SETTINGS_MAX_CONCURRENT_STREAMS of RFC 9113 is number 3.
        Assert.Equal([7], settings.Chunk(6).Where(s => s[1] == 3).Select(s => BinaryPrimitives.ReadInt32BigEndian(s.AsSpan(2))));
    }

    [Fact]
    public async Task Streams_that_are_reset_as_fast_as_they_are_opened_do_not_keep_others_from_being_served()
    {
        await using TestServer server = await TestServer.StartAsync();
        using Socket socket = await ConnectAsync(server, 0);
        await socket.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"u8.ToArray(), Cancel);
        // :method POST, :scheme http, :path /x, :authority x (RFC 7541: indexed 3 and 6, literals 4 and 1), then RST_STREAM with CANCEL.
        byte[] headers = [0x83, 0x86, 0x04, 0x02, (byte)'/', (byte)'x', 0x01, 0x01, (byte)'x'];
        byte[] pair = [0, 0, (byte)headers.Length, 1, 4, 0, 0, 0, 0, .. headers, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 8];
        int sent = 0;
        try
        {
            for (; sent < 20_000; sent++)
            {
                BinaryPrimitives.WriteInt32BigEndian(pair.AsSpan(5), 2 * sent + 1);
                BinaryPrimitives.WriteInt32BigEndian(pair.AsSpan(9 + headers.Length + 5), 2 * sent + 1);
                await socket.SendAsync(pair, Cancel);
            }
        }
        catch (SocketException)
        {
            // The server has closed the connection: that is the answer.
        }

        // It says ENHANCE_YOUR_CALM, or closes, or has simply kept up: what counts is that nobody else is held up.
        await AssertServedAsync(server);
        Assert.True(sent > 0);
    }

    private static async Task AssertServedAsync(TestServer server)
    {
        int before = server.Outlet.Batches.Count;
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Addresses[0]);
        await new TraceService.TraceServiceClient(channel).ExportAsync(Samples.Spans("honest"), cancellationToken: Cancel);
        using HttpResponseMessage response =
            await OtlpHttpTests.PostAsync(server, "/v1/traces", Samples.Spans("honest").ToByteArray(), Protobuf);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before + 2, server.Outlet.Batches.Count);
    }

    /// <summary>The server needs a moment to see that connections are gone.</summary>
    private static async Task UntilServedAsync(TestServer server)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await AssertServedAsync(server);
                return;
            }
            catch (Exception e) when (
                e is HttpRequestException or RpcException or Xunit.Sdk.EqualException && patience.Elapsed < TimeSpan.FromMinutes(2))
            {
                await Task.Delay(50, Cancel);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(2), "It did not happen within two minutes.");
            await Task.Delay(20, Cancel);
        }
    }

    private static async Task<Socket> ConnectAsync(TestServer server, int listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(server.Addresses[listener]).Port, Cancel);
        return socket;
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        try
        {
            for (int at = 0; at < bytes.Length;) at += await socket.SendAsync(bytes.AsMemory(at), Cancel);
        }
        catch (SocketException)
        {
            // It was refused while it was sending.
        }
    }

    private static async Task<string> FirstAnswerAsync(List<Socket> sockets)
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            Socket? answered = sockets.FirstOrDefault(s => s.Available > 0);
            if (answered is not null) return Encoding.Latin1.GetString(buffer, 0, await answered.ReceiveAsync(buffer, Cancel));
            await Task.Delay(20, Cancel);
        }
    }

    private static async Task<string> ExchangeAsync(TestServer server, Func<NetworkStream, Task> send)
    {
        using Socket socket = await ConnectAsync(server, 1);
        await using var stream = new NetworkStream(socket);
        try
        {
            await send(stream);
        }
        catch (IOException)
        {
            // The server does not read on; its answer may have come already.
        }

        byte[] buffer = new byte[4096];
        int read = await stream.ReadAsync(buffer, Cancel);
        return Encoding.Latin1.GetString(buffer, 0, read);
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        var text = new StringBuilder();
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, Cancel)) > 0;) text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Reset instead of closed.
        }

        return text.ToString();
    }

    private static string Head(string header) => $"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: {Protobuf}\r\n{header}\r\n\r\n";

    private static Task WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancel).AsTask();

    private static byte[] Zeros(long count, string coding)
    {
        using var output = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(output, leaveOpen: true),
            _ => new ZLibStream(output, CompressionLevel.Optimal, leaveOpen: true),
        })
        {
            byte[] part = new byte[1 << 20];
            for (long i = 0; i < count; i += part.Length) stream.Write(part);
        }

        return output.ToArray();
    }

    /// <summary>A request of just so many bytes: an unknown field that takes all of them.</summary>
    private static byte[] OneField(int length)
    {
        byte[] request = new byte[length];
        using var output = new CodedOutputStream(request);
        output.WriteTag(1000, WireFormat.WireType.LengthDelimited);
        output.WriteLength(length - 2 - 4);
        return request;
    }

    private static byte[] Frame(byte[] message, bool compressed)
    {
        byte[] frame = [compressed ? (byte)1 : (byte)0, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        return frame;
    }

    /// <summary>Sends a body as it is: what no client library would send.</summary>
    private static async Task SendAsync(GrpcChannel channel, byte[] body, string? coding = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{channel.Target}{Export}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        if (coding is not null) request.Headers.Add("grpc-encoding", coding);
        using HttpResponseMessage response = await client.SendAsync(request, Cancel);
        int status = int.Parse(response.Headers.GetValues("grpc-status").Single());
        string message = Uri.UnescapeDataString(response.Headers.GetValues("grpc-message").Single());
        throw new RpcException(new Grpc.Core.Status((StatusCode)status, message));
    }
}

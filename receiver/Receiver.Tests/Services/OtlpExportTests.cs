using System.Net;
using System.Text;
using EbpfReceiver.Otlp;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Profiles.V1Development;
using OpenTelemetry.Proto.Collector.Trace.V1;
using StatusCode = Grpc.Core.StatusCode;

namespace EbpfReceiver.Tests.Services;

public class OtlpExportTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_go_out_with_what_is_known_of_their_sender_where_they_do_not_say_it_themselves()
    {
        await using TestServer server = await TestServer.StartAsync();
        ExportTraceServiceResponse response = await new TraceService.TraceServiceClient(server.Channel)
            .ExportAsync(Samples.Spans("GET /", "SELECT"), cancellationToken: Cancel);

        Assert.Null(response.PartialSuccess);
        (Signal signal, int items, byte[] bytes) = Assert.Single(server.Outlet.Batches);
        Assert.Equal((Signal.Traces, 2), (signal, items));
        ExportTraceServiceRequest got = ExportTraceServiceRequest.Parser.ParseFrom(bytes);
        Assert.Equal(
            [("service.name", "shop"), ("process.pid", "4711")],
            got.ResourceSpans[0].Resource.Attributes.Select(
                a => (a.Key, a.Value.HasStringValue ? a.Value.StringValue : a.Value.IntValue.ToString())));
        Assert.Equal(Samples.Spans("GET /", "SELECT").ResourceSpans[0].ScopeSpans, got.ResourceSpans[0].ScopeSpans);
        Assert.Equal(IPAddress.Loopback, Assert.Single(server.Peers.Asked).Address);
        Assert.Equal((1, 2), (server.Parts.Endpoint.Requests(Signal.Traces), server.Parts.Endpoint.Items(Signal.Traces)));
    }

    [Fact]
    public async Task All_four_signals_are_taken_and_their_items_counted()
    {
        await using TestServer server = await TestServer.StartAsync();
        await new MetricsService.MetricsServiceClient(server.Channel).ExportAsync(Samples.Points(), cancellationToken: Cancel);
        await new LogsService.LogsServiceClient(server.Channel).ExportAsync(Samples.Logs(), cancellationToken: Cancel);
        await new ProfilesService.ProfilesServiceClient(server.Channel).ExportAsync(Samples.Profiles("cpu"), cancellationToken: Cancel);
        Assert.Equal(
            [(Signal.Metrics, 2), (Signal.Logs, 1), (Signal.Profiles, 1)], server.Outlet.Batches.Select(b => (b.Signal, b.Items)));
        Assert.Equal(
            ["", "cpu"], ExportProfilesServiceRequest.Parser.ParseFrom(server.Outlet.Batches[2].Bytes).Dictionary.StringTable.Take(2));
    }

    [Fact]
    public async Task A_compressed_request_is_the_same_as_a_plain_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        await new TraceService.TraceServiceClient(server.Channel).ExportAsync(Samples.Spans("a", "b", "c"), gzip, cancellationToken: Cancel);
        Assert.Equal(3, Assert.Single(server.Outlet.Batches).Items);
    }

    [Fact]
    public async Task An_empty_request_succeeds_and_goes_nowhere()
    {
        await using TestServer server = await TestServer.StartAsync();
        await new TraceService.TraceServiceClient(server.Channel).ExportAsync(new ExportTraceServiceRequest(), cancellationToken: Cancel);
        Assert.Empty(server.Outlet.Batches);
        Assert.Equal(1, server.Parts.Endpoint.Requests(Signal.Traces));
    }

    [Theory]
    [InlineData("0A05")] // a resource's entry of five bytes that are not there
    [InlineData("0A021202")] // a scope's entry that is cut
    [InlineData("FFFFFFFFFFFFFFFFFFFF7F")] // a tag of too many bytes
    public async Task A_malformed_request_is_an_invalid_argument(string hex)
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => SendAsync(server.Channel, Convert.FromHexString(hex)));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("The request is not a well-formed OTLP export request for traces.", refused.Status.Detail);
        Assert.Empty(server.Outlet.Batches);
        Assert.Equal(1, server.Parts.Endpoint.Rejected(Signal.Traces));
    }

    [Fact]
    public async Task A_request_over_the_limit_is_refused_for_its_size()
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => SendAsync(server.Channel, new byte[(4 << 20) + 1]));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task A_client_is_told_to_come_back_when_every_queue_is_full()
    {
        var full = new RecordingOutlet(queueCapacity: 1);
        full.Statistics.CountQueued(1);
        await using TestServer server = await TestServer.StartAsync(full);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => new TraceService.TraceServiceClient(server.Channel).ExportAsync(Samples.Spans("a"), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        // google.rpc.Status { code: 14, message, details: [ Any { google.rpc.RetryInfo { retry_delay: 5s } } ] }, put together by hand.
        string type = "type.googleapis.com/google.rpc.RetryInfo";
        Assert.Equal(
            "080E" + Field(0x12, "All queues for traces are full."u8) + Field(0x1A, Bytes(Field(0x0A, Encoding.UTF8.GetBytes(type)) + "12040A020805")),
            Convert.ToHexString(refused.Trailers.GetValueBytes("grpc-status-details-bin")!));
        Assert.Empty(full.Batches);
        Assert.Equal(1, server.Parts.Endpoint.Deferred(Signal.Traces));
    }

    [Fact]
    public async Task A_signal_that_no_exporter_takes_is_taken_with_a_warning()
    {
        await using TestServer server = await TestServer.StartAsync(new RecordingOutlet(only: Signal.Metrics));
        ExportLogsServiceResponse response =
            await new LogsService.LogsServiceClient(server.Channel).ExportAsync(Samples.Logs(), cancellationToken: Cancel);
        Assert.Equal(0, response.PartialSuccess.RejectedLogRecords);
        Assert.Equal("No exporter of the receiver takes logs: they can only be pulled and tailed.", response.PartialSuccess.ErrorMessage);
        Assert.Equal(1, server.Live.Cursor(Signal.Logs));
    }

    [Fact]
    public async Task The_answer_waits_for_the_queue_on_disk()
    {
        var storing = new TaskCompletionSource();
        var outlet = new RecordingOutlet(queueCapacity: 10) { Stored = storing.Task };
        await using TestServer server = await TestServer.StartAsync(outlet);
        Task<ExportTraceServiceResponse> byGrpc = new TraceService.TraceServiceClient(server.Channel)
            .ExportAsync(Samples.Spans("a"), cancellationToken: Cancel).ResponseAsync;
        using var content = new ByteArrayContent(Samples.Spans("b").ToByteArray());
        content.Headers.ContentType = new("application/x-protobuf");
        Task<HttpResponseMessage> byHttp = server.Http.PostAsync("/v1/traces", content, Cancel);
        while (outlet.Batches.Count < 2) await Task.Delay(5, Cancel);
        Assert.Equal((false, false), (byGrpc.IsCompleted, byHttp.IsCompleted));
        storing.SetResult();
        await byGrpc;
        Assert.Equal(HttpStatusCode.OK, (await byHttp).StatusCode);
    }

    [Fact]
    public async Task What_no_queue_has_room_for_is_sent_back_although_there_seemed_to_be_some()
    {
        var outlet = new RecordingOutlet(queueCapacity: 10) { Refuses = true };
        await using TestServer server = await TestServer.StartAsync(outlet);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => new TraceService.TraceServiceClient(server.Channel).ExportAsync(Samples.Spans("a"), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal((StatusCode.Unavailable, "All queues for traces are full."), (refused.StatusCode, refused.Status.Detail));
        Assert.NotNull(refused.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((1L, 0L), (server.Parts.Endpoint.Deferred(Signal.Traces), server.Parts.Endpoint.Items(Signal.Traces)));
        // It comes again, and is counted then.
        Assert.Equal((0L, 0L), (outlet.Statistics.Offered(Signal.Traces), outlet.Statistics.Dropped(Signal.Traces)));
        Assert.Equal(0, server.Live.Cursor(Signal.Traces));
    }

    private static string Field(byte tag, ReadOnlySpan<byte> value) => $"{tag:X2}{value.Length:X2}{Convert.ToHexString(value)}";

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static async Task SendAsync(GrpcChannel channel, byte[] request)
    {
        Marshaller<byte[]> bytes = Marshallers.Create(static b => b, static b => b);
        var export = new Method<byte[], byte[]>(
            MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", bytes, bytes);
        await channel.CreateCallInvoker().AsyncUnaryCall(export, null, new CallOptions(cancellationToken: Cancel), request);
    }
}

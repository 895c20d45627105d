using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using EbpfReceiver.Otlp;
using EbpfReceiver.Services;
using Google.Protobuf;
using Google.Rpc;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Tests.Services;

public class OtlpHttpTests
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    private const string SpansJson =
        """
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
        {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","name":"a","kind":2,"startTimeUnixNano":"1544712660000000000",
        "new":[{}]},
        {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B175","name":"b","endTimeUnixNano":1544712661000000000}]}]}]}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Protobuf_is_taken_and_answered_in_protobuf()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response =
            await PostAsync(server, "/v1/traces", Samples.Spans("GET /", "SELECT").ToByteArray(), Protobuf);
        Assert.Equal((HttpStatusCode.OK, Protobuf), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        (Signal signal, int items, byte[] bytes) = Assert.Single(server.Outlet.Batches);
        Assert.Equal((Signal.Traces, 2), (signal, items));
        Assert.Equal(
            ["service.name", "process.pid"],
            ExportTraceServiceRequest.Parser.ParseFrom(bytes).ResourceSpans[0].Resource.Attributes.Select(a => a.Key));
    }

    [Fact]
    public async Task JSON_is_taken_and_answered_in_JSON()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await PostAsync(server, "/v1/traces", Encoding.UTF8.GetBytes(SpansJson), Json);
        Assert.Equal((HttpStatusCode.OK, Json), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(Cancel));
        ExportTraceServiceRequest got = ExportTraceServiceRequest.Parser.ParseFrom(Assert.Single(server.Outlet.Batches).Bytes);
        Assert.Equal(["a", "b"], got.ResourceSpans[0].ScopeSpans[0].Spans.Select(s => s.Name));
        OpenTelemetry.Proto.Trace.V1.ScopeSpans scope = got.ResourceSpans[0].ScopeSpans[0];
        Assert.Equal("5b8efff798038103d269b633813fc60c", Convert.ToHexStringLower(scope.Spans[0].TraceId.Span));
        Assert.Equal(1544712661000000000UL, scope.Spans[1].EndTimeUnixNano);
        Assert.Equal(["service.name", "process.pid"], got.ResourceSpans[0].Resource.Attributes.Select(a => a.Key));
    }

    [Fact]
    public async Task All_four_signals_have_their_path()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach ((string path, IMessage request) in ((string, IMessage)[])[
            ("/v1/metrics", Samples.Points()), ("/v1/logs", Samples.Logs()), ("/v1development/profiles", Samples.Profiles("cpu"))])
        {
            using HttpResponseMessage response = await PostAsync(server, path, request.ToByteArray(), Protobuf);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal([(Signal.Metrics, 2), (Signal.Logs, 1), (Signal.Profiles, 1)], server.Outlet.Batches.Select(b => (b.Signal, b.Items)));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task A_compressed_request_is_the_same_as_a_plain_one(string coding)
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] request = Samples.Spans("a", "b", "c").ToByteArray();
        using HttpResponseMessage response = await PostAsync(server, "/v1/traces", Compress(request, coding), Protobuf, coding);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, Assert.Single(server.Outlet.Batches).Items);
    }

    [Theory]
    [InlineData(Protobuf, "")]
    [InlineData(Json, "{}")]
    [InlineData("application/json; charset=utf-8", "{\"resourceSpans\":[]}")]
    public async Task An_empty_request_succeeds_and_goes_nowhere(string type, string body)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await PostAsync(server, "/v1/traces", Encoding.UTF8.GetBytes(body), type);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(server.Outlet.Batches);
        Assert.Equal(1, server.Parts.Endpoint.Requests(Signal.Traces));
    }

    [Fact]
    public async Task Items_that_are_invalid_are_left_out_and_the_sender_is_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        ExportTraceServiceRequest request = Samples.Spans("good", "bad");
        request.ResourceSpans[0].ScopeSpans[0].Spans[1].SpanId = ByteString.Empty;
        using HttpResponseMessage protobuf = await PostAsync(server, "/v1/traces", request.ToByteArray(), Protobuf);
        ExportTraceServiceResponse reply = ExportTraceServiceResponse.Parser.ParseFrom(await protobuf.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal((HttpStatusCode.OK, 1), (protobuf.StatusCode, reply.PartialSuccess.RejectedSpans));

        using HttpResponseMessage json = await PostAsync(
            server, "/v1/traces", Encoding.UTF8.GetBytes(SpansJson.Replace("5B8EFFF798038103D269B633813FC60C", "5B8E")), Json);
        ExportTraceServiceResponse same =
            JsonParser.Default.Parse<ExportTraceServiceResponse>(await json.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((2, reply.PartialSuccess.ErrorMessage), (same.PartialSuccess.RejectedSpans, same.PartialSuccess.ErrorMessage));
        Assert.Contains("trace id", reply.PartialSuccess.ErrorMessage);

        Assert.Equal(1, Assert.Single(server.Outlet.Batches).Items);
        Assert.Equal((1, 3), (server.Parts.Endpoint.Items(Signal.Traces), server.Parts.Endpoint.Invalid(Signal.Traces)));
    }

    [Theory]
    [InlineData(Protobuf, "0A05", "The request is not a well-formed OTLP export request for traces.")]
    [InlineData(Json, "7B", "The request is not OTLP JSON for traces: it is not JSON, at line 1, byte 2, or nested too deep.")]
    public async Task A_malformed_request_is_a_400_with_the_reason_in_a_status(string type, string hex, string reason)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await PostAsync(server, "/v1/traces", Convert.FromHexString(hex), type);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Status status = await StatusOf(response, type);
        Assert.Equal((3, reason), (status.Code, status.Message));
        Assert.Equal(1, server.Parts.Endpoint.Rejected(Signal.Traces));
        Assert.Equal(1, server.Parts.Endpoint.Refused(RefusalCause.Malformed));
    }

    [Theory]
    [InlineData("text/plain", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/jsonx", null, HttpStatusCode.UnsupportedMediaType)]
    [InlineData(Protobuf, "br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(Protobuf, "gzip", HttpStatusCode.BadRequest)]
    [InlineData(Protobuf, "deflate", HttpStatusCode.BadRequest)]
    [InlineData(Protobuf, "zstd", HttpStatusCode.BadRequest)]
    public async Task What_is_not_understood_is_refused(string type, string? coding, HttpStatusCode expected)
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await PostAsync(server, "/v1/traces", Samples.Spans("a").ToByteArray(), type, coding);
        Assert.Equal(expected, response.StatusCode);
        Assert.NotEmpty((await StatusOf(response, type)).Message);
        Assert.Empty(server.Outlet.Batches);
    }

    [Fact]
    public async Task Other_methods_are_told_which_one_to_use()
    {
        await using TestServer server = await TestServer.StartAsync();
        using HttpResponseMessage response = await server.Http.GetAsync("/v1/traces", Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task A_client_is_told_to_come_back_when_every_queue_is_full(string type)
    {
        var full = new RecordingOutlet(queueCapacity: 1);
        full.Statistics.CountQueued(1);
        await using TestServer server = await TestServer.StartAsync(full);
        using HttpResponseMessage response = await PostAsync(server, "/v1/traces", Samples.Spans("a").ToByteArray(), type);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
        Status status = await StatusOf(response, type);
        Assert.Equal((14, 5), (status.Code, Assert.Single(status.Details).Unpack<RetryInfo>().RetryDelay.Seconds));
        Assert.Empty(full.Batches);
    }

    [Fact]
    public async Task A_client_is_told_to_come_back_while_there_is_no_memory()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Memory.IsCritical = true;
        using HttpResponseMessage refused = await PostAsync(server, "/v1/traces", Samples.Spans("a").ToByteArray(), Protobuf);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Grpc.Core.RpcException grpc = await Assert.ThrowsAsync<Grpc.Core.RpcException>(
            () => new MetricsService.MetricsServiceClient(server.Channel)
                .ExportAsync(Samples.Points(), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(Grpc.Core.StatusCode.Unavailable, grpc.StatusCode);
        Assert.NotNull(grpc.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(2, server.Parts.Endpoint.Refused(RefusalCause.Memory));
        server.Memory.IsCritical = false;
        using HttpResponseMessage taken = await PostAsync(server, "/v1/traces", Samples.Spans("a").ToByteArray(), Protobuf);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Fact]
    public async Task The_port_for_scrapers_takes_no_telemetry_and_the_others_have_no_pages()
    {
        await using TestServer server = await TestServer.StartAsync();
        using var body = new ByteArrayContent([]);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(Protobuf);
        using HttpResponseMessage post = await server.Pages.PostAsync("/v1/traces", body, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
        using HttpResponseMessage page = await server.Http.GetAsync("/metrics", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    internal static byte[] Compress(byte[] bytes, string coding)
    {
        using var output = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(output, leaveOpen: true),
            _ => new BufferedStream(output),
        })
        {
            stream.Write(bytes);
            stream.Flush();
            if (coding == "identity") return output.ToArray();
        }

        return output.ToArray();
    }

    internal static async Task<HttpResponseMessage> PostAsync(
        TestServer server, string path, byte[] body, string type, string? coding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (coding is not null) content.Headers.ContentEncoding.Add(coding);
        return await server.Http.PostAsync(path, content, Cancel);
    }

    /// <summary>The body of a refusal, read by the official parsers.</summary>
    private static async Task<Status> StatusOf(HttpResponseMessage response, string type)
    {
        bool protobuf = type == Protobuf;
        Assert.Equal(protobuf ? Protobuf : Json, response.Content.Headers.ContentType!.MediaType);
        if (protobuf) return Status.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(Cancel));
        var registry = Google.Protobuf.Reflection.TypeRegistry.FromMessages(RetryInfo.Descriptor);
        return new JsonParser(new JsonParser.Settings(100, registry)).Parse<Status>(await response.Content.ReadAsStringAsync(Cancel));
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Xunit;
using MetricPoint = EbpfReceiver.IntegrationTests.Telemetry.MetricPoint;

namespace EbpfReceiver.IntegrationTests.Clients;

/// <summary>SDKs and a collector send into the receiver; all of it comes out, and says which process sent it.</summary>
public class ForwardingTests
{
    private const int Count = 250;

    [Theory]
    [InlineData("grpc")]
    [InlineData("json")]
    [InlineData("protobuf")]
    public void The_JavaScript_SDK_sends_in_and_everything_comes_out(string protocol)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"otlp: {{ endpoint: \"http://127.0.0.1:{collector.GrpcPort}\" }}");
        CommandResult sent = ReflectionClient.Script("sdk.js", AddressOf(receiver, protocol == "grpc"), $"{Count}", protocol);
        int pid = JsonDocument.Parse(sent.Output).RootElement.GetProperty("pid").GetInt32();
        collector.WaitUntil(() => collector.Telemetry().Logs.Count(log => log.EventName == "js.event") >= Count, "all records at the collector");
        receiver.Stop();
        AssertArrived(collector.Telemetry(), "js-sdk", "js span ", "js.counter", pid);
        AssertArrived(receiver.Telemetry(), "js-sdk", "js span ", "js.counter", pid);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public void The_DotNet_SDK_sends_in_and_everything_comes_out(OtlpExportProtocol protocol)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"otlp: {{ endpoint: \"http://127.0.0.1:{collector.GrpcPort}\" }}");
        Action<OtlpExporterOptions> Export(string path) => options =>
        {
            bool grpc = protocol == OtlpExportProtocol.Grpc;
            options.Endpoint = new Uri(AddressOf(receiver, grpc) + (grpc ? "" : path));
            options.Protocol = protocol;
        };

        ResourceBuilder resource = ResourceBuilder.CreateEmpty().AddService("dotnet-sdk", autoGenerateServiceInstanceId: false);
        using (ActivitySource source = new("tests"))
        using (Meter meter = new("tests"))
        using (TracerProvider tracers = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("tests").AddOtlpExporter(Export("/v1/traces")).Build())
        using (MeterProvider meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter("tests").AddOtlpExporter(Export("/v1/metrics")).Build())
        using (ILoggerFactory loggers = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options => options.SetResourceBuilder(resource).AddOtlpExporter(Export("/v1/logs")))))
        {
            Counter<long> counter = meter.CreateCounter<long>("dotnet.counter");
            ILogger logger = loggers.CreateLogger("tests");
            for (int i = 0; i < Count; i++)
            {
                source.StartActivity($"dotnet span {i}")?.Dispose();
                counter.Add(1);
                logger.Log(LogLevel.Information, new EventId(1, "dotnet.event"), "record {Index}", i);
            }
        }

        collector.WaitUntil(() => Own(collector.Telemetry().Logs, "dotnet-sdk").Count() >= Count, "all records at the collector");
        receiver.Stop();
        AssertArrived(collector.Telemetry(), "dotnet-sdk", "dotnet span ", "dotnet.counter", Environment.ProcessId);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("json")]
    [InlineData("proto")]
    public void A_collector_forwards_into_us_and_everything_comes_out(string encoding)
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        using CollectorUnderTest collector = CollectorUnderTest.Start(exporter: encoding == "grpc"
            ? $"otlp: {{ endpoint: \"{receiver.Address}\", tls: {{ insecure: true }} }}"
            : $"otlphttp: {{ endpoint: \"{AddressOf(receiver, grpc: false)}\", encoding: {encoding} }}");
        ReflectionClient.Script("sdk.js", $"http://127.0.0.1:{collector.GrpcPort}", $"{Count}");
        receiver.WaitUntil(() => receiver.Telemetry().Logs.Count(log => log.EventName == "js.event") >= Count, "all records in the file");
        receiver.WaitUntil(() => receiver.Telemetry().Points.Any(point => point.Name == "js.counter" && point.Value >= Count), "all points");
        // The sender is the collector, but the telemetry says whose it is: its service stays.
        receiver.WaitUntil(() => collector.Counter("otelcol_exporter_sent_spans") >= Count, "all spans, as the collector counts them");
        Assert.Equal(Count, collector.Counter("otelcol_exporter_sent_spans"));
        Assert.Equal(0, collector.Counter("otelcol_exporter_send_failed_spans"));
        receiver.Stop();
        AssertArrived(receiver.Telemetry(), "js-sdk", "js span ", "js.counter", pid: null);
    }

    [Fact]
    public void Curl_sends_a_compressed_request_in_JSON_and_is_answered_in_JSON()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        CommandResult Send(string body) => Command.Shell(
            $$"""
            printf '%s' '{{body}}' | gzip | curl --silent --show-error --max-time 100 \
              --write-out ' %{http_code} %{content_type}' --data-binary @- \
              --header 'Content-Type: application/json' --header 'Content-Encoding: gzip' http://127.0.0.1:{{receiver.HttpPort}}/v1/logs
            """);
        const string Record = """{"eventName":"curl.event","severityNumber":9,"body":{"stringValue":"hello"}}""";
        CommandResult taken = Send("""{"resourceLogs":[{"scopeLogs":[{"logRecords":[""" + Record + """]}]}]}""");
        Assert.Equal("{} 200 application/json", taken.Output.TrimEnd());
        Assert.Equal(
            "{\"code\":3,\"message\":\"The request is not OTLP JSON for logs: expected an array for resourceLogs at byte 16.\"} 400 application/json",
            Send("""{"resourceLogs":{}}""").Output.TrimEnd());
        receiver.WaitUntil(() => receiver.Telemetry().Logs.Any(log => log.EventName == "curl.event"), "the record in the file");
        // The program that curl is: what SDKs can't say of themselves.
        Assert.Equal("curl", receiver.Telemetry().Logs.Single(log => log.EventName == "curl.event").Resource.Text("process.executable.name"));
    }

    private static string AddressOf(ReceiverUnderTest receiver, bool grpc) =>
        $"http://127.0.0.1:{(grpc ? receiver.GrpcPort : receiver.HttpPort)}";

    private static void AssertArrived(TelemetryFile telemetry, string service, string span, string counter, int? pid)
    {
        SpanItem[] spans = [.. telemetry.Spans.Where(item => item.Resource.Text("service.name") == service)];
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{span}{i}").Order(), spans.Select(item => item.Name).Order());
        LogItem[] logs = [.. Own(telemetry.Logs, service)];
        Assert.Equal(Count, logs.Length);
        MetricPoint[] points = [.. telemetry.Latest(counter)];
        Assert.Equal(Count, Assert.Single(points).Value);
        if (pid is not null)
        {
            Assert.All(spans, item => Assert.Equal(pid, item.Resource.Number("process.pid")));
            Assert.All(logs, item => Assert.Equal(pid, item.Resource.Number("process.pid")));
            Assert.All(points, item => Assert.Equal(pid, item.Resource.Number("process.pid")));
            Assert.All(spans, item => Assert.NotNull(item.Resource.Text("host.name")));
        }
    }

    private static IEnumerable<LogItem> Own(IEnumerable<LogItem> logs, string service) => logs.Where(item => item.Resource.Text("service.name") == service);
}

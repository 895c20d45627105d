using EbpfReceiver.Otlp;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Profiles.V1Development;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Profiles.V1Development;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Services;

/// <summary>Requests as an SDK sends them, made by the generated messages.</summary>
internal static class Samples
{
    public static ExportTraceServiceRequest Spans(params string[] names)
    {
        var scope = new ScopeSpans();
        foreach (string name in names)
        {
            scope.Spans.Add(new Span
            {
                Name = name,
                TraceId = ByteString.CopyFrom([.. Enumerable.Range(1, 16).Select(i => (byte)i)]),
                SpanId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8),
                Kind = OpenTelemetry.Proto.Trace.V1.Span.Types.SpanKind.Client,
                StartTimeUnixNano = 1,
                EndTimeUnixNano = 2,
            });
        }

        var request = new ExportTraceServiceRequest();
        request.ResourceSpans.Add(new ResourceSpans { Resource = Resource("service.name", "shop"), ScopeSpans = { scope } });
        return request;
    }

    public static ExportMetricsServiceRequest Points()
    {
        var sum = new Sum { IsMonotonic = true, AggregationTemporality = AggregationTemporality.Cumulative };
        sum.DataPoints.Add(new NumberDataPoint { AsInt = 5, TimeUnixNano = 2, StartTimeUnixNano = 1 });
        sum.DataPoints.Add(new NumberDataPoint
        {
            AsInt = 6,
            TimeUnixNano = 2,
            StartTimeUnixNano = 1,
            Attributes = { new KeyValue { Key = "queue", Value = new AnyValue { StringValue = "b" } } },
        });
        var metric = new Metric { Name = "shop.orders", Unit = "{order}", Description = "Orders.", Sum = sum };
        var request = new ExportMetricsServiceRequest();
        request.ResourceMetrics.Add(new ResourceMetrics
        {
            Resource = Resource("service.name", "shop"),
            ScopeMetrics = { new ScopeMetrics { Metrics = { metric } } },
        });
        return request;
    }

    public static ExportLogsServiceRequest Logs()
    {
        var request = new ExportLogsServiceRequest();
        request.ResourceLogs.Add(new ResourceLogs
        {
            ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord { Body = new AnyValue { StringValue = "hello" } } } } },
        });
        return request;
    }

    public static ExportProfilesServiceRequest Profiles(string text)
    {
        var request = new ExportProfilesServiceRequest { Dictionary = new ProfilesDictionary { StringTable = { "", text } } };
        request.ResourceProfiles.Add(new ResourceProfiles { ScopeProfiles = { new ScopeProfiles { Profiles = { new Profile() } } } });
        return request;
    }

    public static Batch BatchOf(Signal signal, int items, IMessage request) => Batch.Copy(signal, items, request.ToByteArray());

    private static Resource Resource(string key, string value) =>
        new() { Attributes = { new KeyValue { Key = key, Value = new AnyValue { StringValue = value } } } };
}

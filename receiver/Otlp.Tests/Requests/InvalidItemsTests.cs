using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Trace.V1;
using Metric = OpenTelemetry.Proto.Metrics.V1.Metric;

namespace EbpfReceiver.Otlp.Tests.Requests;

public class InvalidItemsTests
{
    [Theory]
    [InlineData(16, 8, 1, true)]
    [InlineData(16, 8, 0, false)]
    [InlineData(0, 8, 1, false)]
    [InlineData(8, 8, 1, false)]
    [InlineData(17, 8, 1, false)]
    [InlineData(16, 0, 1, false)]
    [InlineData(16, 16, 1, false)]
    public void A_span_needs_a_trace_id_of_16_bytes_and_a_span_id_of_8_that_are_not_zero(int trace, int span, byte filler, bool valid)
    {
        ExportTraceServiceRequest request = Spans(Span("first", 16, 8, 1), Span("second", trace, span, filler), Span("third", 16, 8, 2));
        Assert.True(ResourceSplicer.TryCompleteValid(Signal.Traces, request.ToByteArray(), [], out Batch? batch, out int rejected));
        Assert.Equal((valid ? 3 : 2, valid ? 0 : 1), (batch!.Items, rejected));
        if (!valid)
            request.ResourceSpans[0].ScopeSpans[0].Spans.RemoveAt(1);
        Assert.Equal(request, ExportTraceServiceRequest.Parser.ParseFrom(batch.Bytes.Span));
        batch.Release();
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, true)]
    [InlineData(3, 2, true)]
    [InlineData(2, 2, false)]
    [InlineData(4, 2, false)]
    [InlineData(0, 2, false)]
    public void A_histogram_has_one_bucket_more_than_bounds_or_neither(int buckets, int bounds, bool valid)
    {
        var point = new HistogramDataPoint { Count = 7 };
        point.BucketCounts.AddRange(Enumerable.Repeat(1UL, buckets));
        point.ExplicitBounds.AddRange(Enumerable.Range(0, bounds).Select(i => (double)i));
        var histogram = new Histogram { DataPoints = { new HistogramDataPoint { Count = 1 }, point } };
        var request = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    ScopeMetrics =
                    {
                        new ScopeMetrics
                        {
                            Metrics =
                            {
                                new Metric { Name = "h", Histogram = histogram },
                                new Metric { Name = "g", Gauge = new Gauge { DataPoints = { new NumberDataPoint { AsInt = 1 } } } },
                            },
                        },
                    },
                },
            },
        };
        Assert.True(ResourceSplicer.TryCompleteValid(Signal.Metrics, request.ToByteArray(), [], out Batch? batch, out int rejected));
        Assert.Equal((valid ? 3 : 2, valid ? 0 : 1), (batch!.Items, rejected));
        if (!valid)
            histogram.DataPoints.RemoveAt(1);
        Assert.Equal(request, ExportMetricsServiceRequest.Parser.ParseFrom(batch.Bytes.Span));
        batch.Release();
    }

    [Fact]
    public void A_log_record_needs_no_ids_at_all()
    {
        var request = new ExportLogsServiceRequest
        {
            ResourceLogs =
            {
                new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord { TraceId = ByteString.CopyFrom(1) } } } } },
            },
        };
        Assert.True(ResourceSplicer.TryCompleteValid(Signal.Logs, request.ToByteArray(), [], out Batch? batch, out int rejected));
        Assert.Equal((1, 0), (batch!.Items, rejected));
        batch.Release();
    }

    [Fact]
    public void Fields_that_we_do_not_know_stay_where_an_item_beside_them_goes()
    {
        byte[] unknown = [0xFA, 0x3F, 3, 1, 2, 3]; // field 1023, three bytes
        byte[] good = [.. Span("good", 16, 8, 1).ToByteArray(), .. unknown];
        byte[] scope = [.. Field(2, good), .. Field(2, Span("bad", 1, 1, 1).ToByteArray()), .. unknown];
        byte[] request = [.. Field(1, [.. Field(2, scope), .. unknown]), .. unknown];
        Assert.True(ResourceSplicer.TryCompleteValid(Signal.Traces, request, [], out Batch? batch, out int rejected));
        Assert.Equal((1, 1), (batch!.Items, rejected));
        byte[] left = batch.Bytes.ToArray();
        batch.Release();
        IEnumerable<int> places = Enumerable.Range(0, left.Length - unknown.Length + 1);
        Assert.Equal(4, places.Count(i => left.AsSpan(i, unknown.Length).SequenceEqual(unknown)));
        Assert.Equal("good", ExportTraceServiceRequest.Parser.ParseFrom(left).ResourceSpans[0].ScopeSpans[0].Spans.Single().Name);
    }

    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    public void Hostile_bytes_are_refused_or_leave_only_valid_items(Signal signal)
    {
        var random = new Random(23);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new RandomRequests(i % 20).Request(signal).ToByteArray();
            for (int j = random.Next(4); j > 0; j--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!ResourceSplicer.TryCompleteValid(signal, bytes, [], out Batch? batch, out _))
                continue;
            bool taken = ResourceSplicer.TryCompleteValid(signal, batch!.Bytes.Span, [], out Batch? again, out int rejected);
            Assert.True(taken, Convert.ToHexString(bytes));
            Assert.True(rejected == 0 && again!.Items == batch.Items, Convert.ToHexString(bytes));
            again.Release();
            batch.Release();
        }
    }

    private static byte[] Field(int number, byte[] content) =>
        [(byte)(number << 3 | 2), (byte)(content.Length | 0x80), (byte)(content.Length >> 7), .. content];

    private static ExportTraceServiceRequest Spans(params Span[] spans) =>
        new() { ResourceSpans = { new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { spans } } }, SchemaUrl = "u" } } };

    private static Span Span(string name, int traceBytes, int spanBytes, byte filler) => new()
    {
        Name = name,
        TraceId = ByteString.CopyFrom([.. Enumerable.Repeat(filler, traceBytes)]),
        SpanId = ByteString.CopyFrom([.. Enumerable.Repeat(filler, spanBytes)]),
    };
}

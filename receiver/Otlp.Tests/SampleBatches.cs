using System.Text;

namespace EbpfReceiver.Otlp.Tests;

/// <summary>Batches to send about.</summary>
internal static class SampleBatches
{
    public static Batch Spans(int count, string name = "tcp connect", int padding = 0)
    {
        Batch? made = null;
        EncodedResource resource = new ResourceEncoder().Add("service.name", "test").Build();
        using var batcher = new ItemBatcher<int>(
            Signal.Traces, [new EncodedScope("test")], _ => resource.Bytes, batch => made = batch, maxItems: int.MaxValue);
        string text = new('p', padding);
        for (int i = 0; i < count; i++)
        {
            SpanWriter span = batcher.BeginSpan(0, 0);
            span.TraceId("0123456789abcdef"u8);
            span.SpanId("01234567"u8);
            span.Name(Encoding.UTF8.GetBytes(name));
            span.Times(1, 2);
            if (padding > 0)
                span.Attribute("padding"u8, text);
            span.End();
        }
        batcher.Flush();
        return made!;
    }

    public static Batch Logs(int count)
    {
        Batch? made = null;
        using var batcher = new ItemBatcher<int>(
            Signal.Logs, [new EncodedScope("test")], _ => default, batch => made = batch, maxItems: int.MaxValue);
        for (int i = 0; i < count; i++)
        {
            LogRecordWriter record = batcher.BeginLogRecord(0, 0);
            record.Times(1, 2);
            record.EventName("process.exec"u8);
            record.End();
        }
        batcher.Flush();
        return made!;
    }

    public static Batch Metrics(int points)
    {
        Batch? made = null;
        using var metrics = new MetricsWriter(Temporality.Cumulative, batch => made = batch);
        metrics.BeginScope(new EncodedScope("test"));
        metrics.BeginMetric(new MetricDescriptor("test.count", "{item}", "Items.", MetricKind.Counter, true));
        for (int i = 0; i < points; i++)
        {
            PointWriter point = metrics.NumberPoint(1, 2, (long)i);
            point.Attribute("i"u8, i);
            point.End();
        }
        metrics.Flush();
        return made!;
    }
}

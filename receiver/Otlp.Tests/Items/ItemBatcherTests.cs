using System.Text;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Items;

[Collection(BufferCollection.Name)]
public class ItemBatcherTests
{
    private static readonly EncodedScope[] s_scopes = [new("a"), new("b", "1"), new("c", "1", "http://schema")];

    [Fact]
    public void Items_are_grouped_by_resource_and_scope_in_the_order_they_came()
    {
        var collected = new Collected();
        var resources = Enumerable.Range(0, 5).Select(i => Resource(i)).ToArray();
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, key => resources[key].Bytes, collected.Publish);
        var random = new Random(1);
        var expected = new Dictionary<(string Resource, string Scope), List<string>>();
        for (int i = 0; i < 1000; i++)
        {
            int key = random.Next(5);
            int scope = random.Next(3);
            Write(batcher, key, scope, $"span {i}");
            (string, string) group = ($"service {key}", s_scopes[scope].Name);
            if (!expected.TryGetValue(group, out List<string>? names))
                expected[group] = names = [];
            names.Add($"span {i}");
        }
        batcher.Flush();

        ExportTraceServiceRequest request = collected.Traces();
        Assert.Equal(1000, collected.Batches[0].Items);
        Assert.Equal(5, request.ResourceSpans.Count);
        var actual = new Dictionary<(string, string), List<string>>();
        foreach (ResourceSpans resource in request.ResourceSpans)
        {
            Assert.Equal(3, resource.ScopeSpans.Count);
            foreach (ScopeSpans scope in resource.ScopeSpans)
            {
                Assert.Equal(scope.Scope.Name == "c" ? "http://schema" : "", scope.SchemaUrl);
                actual.Add((resource.Resource.Attributes[0].Value.StringValue, scope.Scope.Name), [.. scope.Spans.Select(s => s.Name)]);
            }
        }
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Keys_whose_resource_is_the_same_share_one_entry()
    {
        var collected = new Collected();
        EncodedResource shared = Resource(7);
        EncodedResource other = Resource(8);
        using var batcher = new ItemBatcher<long>(
            Signal.Traces, s_scopes, key => key % 10 == 9 ? other.Bytes : shared.Bytes, collected.Publish);
        for (int i = 0; i < 100; i++)
            Write(batcher, i, i % 2, $"{i}");
        batcher.Flush();

        ExportTraceServiceRequest request = collected.Traces();
        Assert.Equal(2, request.ResourceSpans.Count);
        Assert.Equal(90, request.ResourceSpans[0].ScopeSpans.Sum(s => s.Spans.Count));
        Assert.Equal(10, request.ResourceSpans[1].ScopeSpans.Sum(s => s.Spans.Count));
        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => i % 10 != 9 && i % 2 == 0).Select(i => $"{i}"),
            request.ResourceSpans[0].ScopeSpans[0].Spans.Select(s => s.Name));
    }

    [Fact]
    public void The_resource_is_asked_for_when_the_batch_is_closed()
    {
        var collected = new Collected();
        EncodedResource known = EncodedResource.Empty;
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => known.Bytes, collected.Publish);
        Write(batcher, 1, 0, "early");
        known = Resource(3);
        batcher.Flush();

        Assert.Equal("service 3", collected.Traces().ResourceSpans[0].Resource.Attributes[0].Value.StringValue);
    }

    [Fact]
    public void A_batch_is_closed_at_its_number_of_items()
    {
        var collected = new Collected();
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => default, collected.Publish, maxItems: 10);
        for (int i = 0; i < 25; i++)
            Write(batcher, i, 0, "x");

        Assert.Equal([10, 10], collected.Batches.Select(b => b.Items));
        Assert.Equal(5, batcher.Pending);
        batcher.Flush();
        batcher.Flush();
        Assert.Equal([10, 10, 5], collected.Batches.Select(b => b.Items));
    }

    [Fact]
    public void A_batch_is_closed_at_its_number_of_bytes()
    {
        var collected = new Collected();
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => default, collected.Publish, maxBytes: 10_000);
        for (int i = 0; i < 100; i++)
            Write(batcher, 0, 0, new string('x', 998 - 4));
        Assert.All(collected.Batches, b => Assert.InRange(b.Bytes.Length, 10_000, 11_100));
        Assert.Equal(10, collected.Batches.Count);
    }

    [Fact]
    public void Requests_stay_under_the_limit_of_stock_servers_whatever_the_resources()
    {
        var collected = new Collected();
        EncodedResource[] large = Enumerable.Range(0, 40).Select(i => Resource(i, padding: 400_000)).ToArray();
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, key => large[key].Bytes, collected.Publish);
        for (int i = 0; i < 40; i++)
            Write(batcher, i, 0, $"{i}");
        batcher.Flush();

        Assert.All(collected.Batches, b => Assert.InRange(b.Bytes.Length, 1, 4 * 1024 * 1024));
        Assert.Equal(40, collected.Batches.Sum(b => b.Items));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"{i}"),
            collected.Batches.SelectMany(b => ExportTraceServiceRequest.Parser.ParseFrom(b.Bytes).ResourceSpans)
                .Select(r => r.ScopeSpans[0].Spans[0].Name));
    }

    [Fact]
    public void An_item_that_is_too_large_is_dropped_and_counted()
    {
        var collected = new Collected();
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => default, collected.Publish);
        Write(batcher, 0, 0, "before");
        Write(batcher, 0, 0, new string('x', 1024 * 1024));
        Write(batcher, 0, 0, "after");
        batcher.Flush();

        Assert.Equal(1, batcher.OversizedItems);
        Assert.Equal(["before", "after"], collected.Traces().ResourceSpans[0].ScopeSpans[0].Spans.Select(s => s.Name));
    }

    [Fact]
    public void A_resource_that_is_too_large_is_left_out_and_counted()
    {
        var collected = new Collected();
        EncodedResource large = Resource(1, padding: 600_000);
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => large.Bytes, collected.Publish);
        Write(batcher, 0, 0, "x");
        batcher.Flush();

        Assert.Equal(1, batcher.OversizedResources);
        Assert.Null(collected.Traces().ResourceSpans[0].Resource);
        Assert.Equal("x", collected.Traces().ResourceSpans[0].ScopeSpans[0].Spans[0].Name);
    }

    [Fact]
    public void An_item_that_was_not_ended_does_not_count()
    {
        var collected = new Collected();
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => default, collected.Publish);
        SpanWriter abandoned = batcher.BeginSpan(0, 0);
        abandoned.Name("abandoned"u8);
        SpanWriter kept = batcher.BeginSpan(0, 0);
        kept.Name("kept"u8);
        abandoned.End();
        Assert.Equal(0, batcher.Pending);
        kept.End();
        kept.End();
        SpanWriter discarded = batcher.BeginSpan(0, 0);
        discarded.Name("discarded"u8);
        discarded.Discard();
        batcher.Flush();

        Assert.Equal(["kept"], collected.Traces().ResourceSpans[0].ScopeSpans[0].Spans.Select(s => s.Name));
    }

    [Fact]
    public void Nothing_is_allocated_per_item_in_steady_state()
    {
        EncodedResource resource = Resource(1);
        using var batcher = new ItemBatcher<int>(
            Signal.Traces, s_scopes, _ => resource.Bytes, static batch => batch.Release(), maxItems: 1 << 20, maxBytes: 1 << 20);
        for (int round = 0; round < 3; round++)
        {
            WriteThousands(batcher);
            batcher.Flush();
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        WriteThousands(batcher);
        long written = GC.GetAllocatedBytesForCurrentThread();
        batcher.Flush();
        long flushed = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(0, written - before);
        // What a flush makes is the batch object; its buffer is pooled.
        Assert.InRange(flushed - written, 0, 64);

        static void WriteThousands(ItemBatcher<int> batcher)
        {
            for (int i = 0; i < 3000; i++)
            {
                SpanWriter span = batcher.BeginSpan(i & 15, i % 3);
                span.TraceId("0123456789abcdef"u8);
                span.SpanId("01234567"u8);
                span.Name("tcp connect"u8);
                span.Kind(SpanKind.Client);
                span.Times(1, 2);
                span.Attribute("server.port"u8, 443);
                span.Attribute("network.transport"u8, "tcp"u8);
                span.Attribute("broken"u8, "\xff\xfe"u8);
                span.StringArrayAttribute("args"u8, "a\0b\0"u8);
                span.Status(StatusCode.Error, "x"u8);
                span.End();
            }
        }
    }

    [Fact]
    public void A_scope_that_does_not_exist_is_refused()
    {
        using var batcher = new ItemBatcher<int>(Signal.Traces, s_scopes, _ => default, static batch => batch.Release());
        Assert.Throws<ArgumentOutOfRangeException>(() => batcher.BeginSpan(0, 3).End());
        Assert.Throws<ArgumentOutOfRangeException>(() => batcher.BeginSpan(0, -1).End());
    }

    private static void Write<TKey>(ItemBatcher<TKey> batcher, TKey key, int scope, string name)
        where TKey : struct, IEquatable<TKey>
    {
        using SpanWriter span = batcher.BeginSpan(key, scope);
        span.Name(Encoding.UTF8.GetBytes(name));
    }

    private static EncodedResource Resource(int number) => Resource(number, 0);

    private static EncodedResource Resource(int number, int padding)
    {
        using var encoder = new ResourceEncoder();
        encoder.Add("service.name", $"service {number}");
        if (padding > 0)
            encoder.Add("padding", new string('p', padding));
        return encoder.Build();
    }
}

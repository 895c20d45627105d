using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EbpfReceiver.Otlp.Tests.Requests;

public sealed class RequestSplitterTests
{
    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void The_items_of_the_parts_are_those_of_the_whole_in_order_each_with_what_is_above_it(Signal signal)
    {
        int split = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            byte[] request = new RandomRequests(seed).Request(signal).ToByteArray();
            Assert.True(RequestItems.TryCount(signal, request, out int items));
            Batch whole = Batch.Copy(signal, items, request);
            List<string> expected = Items(signal, request);
            Assert.Equal(expected.Count, items);

            bool done = RequestSplitter.TrySplit(whole, out Batch? first, out Batch? second);
            whole.Release();
            Assert.Equal(items >= 2, done);
            if (!done)
                continue;
            split++;
            Assert.Equal((items / 2, items - items / 2), (first!.Items, second!.Items));
            List<string> left = Items(signal, first.Bytes.ToArray());
            Assert.Equal(first.Items, left.Count);
            Assert.Equal(expected, left.Concat(Items(signal, second.Bytes.ToArray())));
            first.Release();
            second.Release();
        }
        Assert.True(split > 50, $"only {split} requests had two items");
    }

    [Fact]
    public void Halves_of_halves_come_down_to_single_items()
    {
        var pieces = new BatchPieces(SampleBatches.Spans(13));
        var sizes = new List<int>();
        while (pieces.Next is { } piece)
        {
            if (pieces.TrySplit())
                continue;
            sizes.Add(piece.Items);
            pieces.Complete();
        }
        Assert.Equal(Enumerable.Repeat(1, 13), sizes);
    }

    [Fact]
    public void A_request_that_is_cut_short_is_not_split()
    {
        Batch whole = SampleBatches.Spans(10);
        byte[] bytes = whole.Bytes.ToArray();
        whole.Release();
        for (int length = 0; length < bytes.Length; length++)
        {
            Batch cut = Batch.Copy(Signal.Traces, 10, bytes.AsSpan(0, length));
            Assert.False(RequestSplitter.TrySplit(cut, out _, out _));
            cut.Release();
        }
    }

    /// <summary>Each item as text, with all that is above it, by the official library.</summary>
    private static List<string> Items(Signal signal, byte[] request)
    {
        string[] way = signal switch
        {
            Signal.Traces => ["resource_spans", "scope_spans", "spans"],
            Signal.Logs => ["resource_logs", "scope_logs", "log_records"],
            Signal.Profiles => ["resource_profiles", "scope_profiles", "profiles"],
            _ => ["resource_metrics", "scope_metrics", "metrics", "data", "data_points"],
        };
        var items = new List<string>();
        Walk(RandomRequests.Parse(signal, request), way, "", items);
        return items;
    }

    private static void Walk(IMessage message, ReadOnlySpan<string> way, string above, List<string> items)
    {
        if (way.IsEmpty)
        {
            items.Add(above + message);
            return;
        }
        FieldDescriptor? down = way[0] == "data"
            ? message.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(message)
            : message.Descriptor.FindFieldByName(way[0]);
        if (down is null)
            return;
        IMessage rest = message.Descriptor.Parser.ParseFrom(message.ToByteArray());
        down.Accessor.Clear(rest);
        object value = down.Accessor.GetValue(message);
        string here = above + rest;
        if (!down.IsRepeated)
        {
            Walk((IMessage)value, way[1..], here, items);
            return;
        }
        foreach (object child in (System.Collections.IList)value)
            Walk((IMessage)child, way[1..], here, items);
    }
}

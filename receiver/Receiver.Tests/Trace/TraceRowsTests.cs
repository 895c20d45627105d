using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Trace;

namespace EbpfReceiver.Tests.Trace;

public sealed class TraceRowsTests
{
    [Theory]
    [InlineData(2, "50,30,+16")]
    [InlineData(3, "50,30,10,+6")]
    [InlineData(5, "50,30,10,5,+1")]
    [InlineData(4, "50,30,10,5,+1")]
    public void Of_topk_the_largest_are_kept_and_the_rest_is_one_row(int most, string expected)
    {
        TraceRow[] rows = [Row("a", 50), Row("b", 30), Row("c", 10), Row("d", 5), Row("", 1) with { IsOverflow = true }];

        TraceRow[] top = [.. TraceRows.Top(rows, most)];

        Assert.Equal(expected, string.Join(',', top.Select(r => $"{(r.IsOverflow ? "+" : "")}{r.Whole}")));
        Assert.All(top, r => Assert.Equal(r.Whole, (long)r.Value));
        Assert.Equal(DecodedKind.None, top[^1].Key[0].Kind);
    }

    [Fact]
    public void Where_there_is_no_rest_there_is_no_row_for_it() => Assert.Equal([50L, 30L], TraceRows.Top([Row("a", 50), Row("b", 30)], 2).Select(r => r.Whole!.Value));

    private static TraceRow Row(string key, long value) => new() { Key = [DecodedValue.Of(key)], Value = value, Whole = value };
}

namespace EbpfReceiver.Otlp.Tests.Storage;

public sealed class SequenceRangesTests
{
    [Fact]
    public void It_holds_what_a_set_holds_in_as_few_ranges_as_there_are_gaps()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            var ranges = new SequenceRanges();
            var set = new SortedSet<ulong>();
            for (int i = 0; i < 60; i++)
            {
                ulong first = (ulong)random.Next(100);
                ulong end = first + (ulong)random.Next(1, 6);
                ranges.Add(new SequenceRange(first, end));
                for (ulong n = first; n < end; n++)
                    set.Add(n);
            }
            for (ulong n = 0; n < 110; n++)
                Assert.Equal(set.Contains(n), ranges.Contains(n));
            Assert.Equal(set.Count(n => !set.Contains(n + 1)), ranges.Count);
        }
    }
}

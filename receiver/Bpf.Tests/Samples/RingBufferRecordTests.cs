using System.Buffers.Binary;
using EbpfReceiver.Bpf.Interop;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Samples;

/// <summary>The ring buffer reader over memory of the tests' own.</summary>
public sealed unsafe class RingBufferRecordTests
{
    private const int ProducerOffset = 64;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(1024)]
    [InlineData(4088)] // fills the buffer
    public void A_sample_is_whole_at_every_position_of_the_buffer(int length)
    {
        using var memory = new RingMemory(4096, 2);
        for (var position = 0UL; position < 2 * 4096; position += 8)
        {
            var expected = Enumerable.Range(0, length).Select(i => (byte)(i * 7 + (int)position / 8)).ToArray();
            var end = position + Record(memory, position, (uint)length, expected);
            var (sink, ring, outcome) = Drain(memory, position, end, int.MaxValue);
            Assert.Equal(DrainOutcome.Progress, outcome);
            Assert.Equal(expected, Assert.Single(sink.Samples));
            Assert.Equal((end, 1L, length), (*(ulong*)memory.Page, ring.Samples, ring.Bytes));
        }
    }

    [Fact]
    public void A_busy_record_holds_up_those_behind_it_and_discarded_ones_are_passed_over()
    {
        using var memory = new RingMemory(4096, 2);
        var at = 0UL;
        at += Record(memory, at, 4, [1, 1, 1, 1]);
        at += Record(memory, at, 4 | RingBufferRecords.Discarded, [2, 2, 2, 2]);
        var busy = at;
        at += Record(memory, at, 4 | RingBufferRecords.Busy, [3, 3, 3, 3]);
        at += Record(memory, at, 4, [4, 4, 4, 4]);
        var (sink, ring, outcome) = Drain(memory, 0, at, int.MaxValue);
        Assert.Equal(DrainOutcome.Progress | DrainOutcome.Busy, outcome);
        Assert.Equal([[1, 1, 1, 1]], sink.Samples);
        Assert.Equal(busy, *(ulong*)memory.Page);
        Assert.Equal(DrainOutcome.Busy, ring.Drain(new SampleTarget(sink), int.MaxValue));
        Record(memory, busy, 4, [3, 3, 3, 3]);
        Assert.Equal(DrainOutcome.Progress | DrainOutcome.Unread, ring.Drain(new SampleTarget(sink), 1));
        Assert.Equal(DrainOutcome.Progress, ring.Drain(new SampleTarget(sink), 1));
        Assert.Equal(DrainOutcome.Nothing, ring.Drain(new SampleTarget(sink), 1));
        Assert.Equal([[1, 1, 1, 1], [3, 3, 3, 3], [4, 4, 4, 4]], sink.Samples);
        Assert.Equal((3, 12), (ring.Samples, ring.Bytes));
    }

    [Fact]
    public void Room_is_given_back_in_steps_while_a_pass_goes_on()
    {
        using var memory = new RingMemory(4096, 2);
        for (var at = 0UL; at < 4096; at += 64)
            Record(memory, at, 56, new byte[56]);
        *(ulong*)memory.Page = 0;
        *(ulong*)(memory.Page + ProducerOffset) = 4096;
        var positions = new SortedSet<ulong>();
        var sink = new WatchingSink { OnEach = () => positions.Add(*(ulong*)memory.Page) };
        new RingBuffer("test", (ulong*)memory.Page, (ulong*)(memory.Page + ProducerOffset), memory.Data,
            4096).Drain(new SampleTarget(sink), int.MaxValue);
        Assert.Equal([0, 512, 1024, 1536, 2048, 2560, 3072, 3584], positions);
        Assert.Equal(4096UL, *(ulong*)memory.Page);
    }

    [Theory]
    [InlineData(57u, 64UL)]
    [InlineData(0x3fffffffu, 64UL)]
    [InlineData(0x7fffffffu, 64UL)] // discarded
    [InlineData(8u, 8200UL)] // positions too far from each other
    [InlineData(8u, 12UL)]
    public void What_can_not_be_is_refused_with_a_sentence(uint header, ulong produced)
    {
        using var memory = new RingMemory(4096, 2);
        Record(memory, 0, header, []);
        var e = Assert.Throws<BpfException>(() => Drain(memory, 0, produced, int.MaxValue));
        Assert.StartsWith("The ring buffer test holds a record of ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_buffers_neither_leave_the_memory_nor_the_documented_errors()
    {
        using var memory = new RingMemory(4096, 2);
        var random = new Random(20261122);
        var page = new byte[4096];
        var (refused, read) = (0, 0);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var round = 0; round < 400_000 && (round < 60_000 || clock.Elapsed < TimeSpan.FromSeconds(2)); round++)
        {
            var consumed = (ulong)random.Next(0, 3 * 4096) & (round % 16 == 0 ? ~0UL : ~7UL);
            var produced = consumed + ((ulong)random.Next(0, round % 32 == 0 ? 5000 : 4097) & (round % 16 == 0 ? ~0UL : ~7UL));
            random.NextBytes(page);
            for (var at = 0; at + 8 <= 4096;)
            {
                var length = (uint)(random.Next(30) == 0 ? random.Next() : random.Next(0, 100));
                var flags = random.Next(12) switch { 0 => RingBufferRecords.Busy, 1 => RingBufferRecords.Discarded, _ => 0u };
                BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(at), length | flags);
                at += (int)Math.Min(4096, (length + 15) & ~7u);
            }

            memory.Write(0, page);
            try
            {
                Drain(memory, consumed, produced, random.Next(1, 1000));
                read++;
            }
            catch (BpfException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0 && read > 0, $"{refused} {read}");
    }

    private static ulong Record(RingMemory memory, ulong position, uint header, byte[] bytes)
    {
        memory.Write(position, [.. BitConverter.GetBytes(header), 0, 0, 0, 0, .. bytes]);
        return (8 + (ulong)(header & RingBufferRecords.LengthMask) + 7) & ~7UL;
    }

    private static (ListSink Sink, RingBuffer Ring, DrainOutcome Outcome) Drain(RingMemory memory, ulong consumed, ulong produced,
        int limit)
    {
        *(ulong*)memory.Page = consumed;
        *(ulong*)(memory.Page + ProducerOffset) = produced;
        var ring = new RingBuffer("test", (ulong*)memory.Page, (ulong*)(memory.Page + ProducerOffset), memory.Data, (ulong)memory.Size);
        var sink = new ListSink();
        return (sink, ring, ring.Drain(new SampleTarget(sink), limit));
    }

    private sealed class WatchingSink : ISampleSink
    {
        public required Action OnEach { get; init; }

        public void OnSample(int cpu, ReadOnlySpan<byte> sample) => OnEach();

        public void OnLost(int cpu, ulong count)
        {
        }

        public void OnDrained()
        {
        }
    }
}

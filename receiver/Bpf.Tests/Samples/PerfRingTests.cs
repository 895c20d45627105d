using System.Buffers.Binary;
using EbpfReceiver.Bpf.Interop;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Samples;

/// <summary>The perf buffer reader over memory of the tests' own.</summary>
public sealed unsafe class PerfRingTests
{
    private static readonly byte[] Wrapped = PerfRing.RoomForWrapped();

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(100)]
    [InlineData(1020)]
    [InlineData(4084)] // fills the buffer
    public void A_sample_is_whole_at_every_position_of_the_buffer(int length)
    {
        using var memory = new RingMemory(4096, 1);
        for (var position = 0UL; position < 2 * 4096; position += 8)
        {
            var expected = Pattern(length, (int)position);
            var head = position + Sample(memory, position, expected);
            var (sink, outcome) = Drain(memory, position, head, int.MaxValue);
            Assert.Equal(DrainOutcome.Progress, outcome);
            Assert.Equal(expected, Assert.Single(sink.Samples));
            Assert.Equal(head, Tail(memory));
        }
    }

    [Fact]
    public void Lost_records_are_told_others_are_passed_over_and_a_limit_leaves_the_rest()
    {
        using var memory = new RingMemory(4096, 1);
        var start = 4096UL - 40;
        var head = start + Sample(memory, start, Pattern(20, 1));
        head += Record(memory, head, PerfRecords.TypeLost, [.. BitConverter.GetBytes(77UL), .. BitConverter.GetBytes(1234UL)]);
        head += Record(memory, head, 5, new byte[16]); // PERF_RECORD_THROTTLE
        head += Sample(memory, head, Pattern(20, 2));
        var sink = new ListSink();
        var ring = Ring(memory, start, head);
        Assert.Equal(DrainOutcome.Progress | DrainOutcome.Unread, ring.Drain(new SampleTarget(sink), 3));
        Assert.Equal((1, 1), (sink.Samples.Count, sink.Losses.Count));
        Assert.Equal(DrainOutcome.Progress, ring.Drain(new SampleTarget(sink), 2));
        Assert.Equal(DrainOutcome.Nothing, ring.Drain(new SampleTarget(sink), 2));
        Assert.Equal([Pattern(20, 1), Pattern(20, 2)], sink.Samples);
        Assert.Equal([(3, 1234UL)], sink.Losses);
        Assert.Equal((2, 40, 1234), (ring.Samples, ring.Bytes, ring.Lost));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(int.MaxValue)]
    public void A_full_buffer_is_read_in_order_whatever_the_limit_of_a_pass(int limit)
    {
        using var memory = new RingMemory(4096, 1);
        var random = new Random(7);
        for (var start = 0UL; start < 4096; start += 8 * (ulong)random.Next(1, 20))
        {
            var (head, expected) = (start, new List<byte[]>());
            while (Pattern(4 + 8 * random.Next(0, 15), expected.Count) is var bytes && head + 12 + (ulong)bytes.Length - start <= 4096)
            {
                expected.Add(bytes);
                head += Sample(memory, head, bytes);
            }

            var sink = new ListSink();
            var ring = Ring(memory, start, head);
            var passes = 0;
            while (ring.Drain(new SampleTarget(sink), limit) != DrainOutcome.Nothing)
                passes++;
            Assert.Equal(expected, sink.Samples);
            Assert.Equal((head, expected.Count, expected.Sum(bytes => bytes.Length)), (Tail(memory), ring.Samples, ring.Bytes));
            Assert.InRange(passes, expected.Count / (double)limit / 8, expected.Count);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(12)] // no multiple of 8
    [InlineData(72)] // beyond the head
    [InlineData(65528)]
    public void A_record_of_an_impossible_length_is_refused_with_a_sentence(int size)
    {
        using var memory = new RingMemory(4096, 1);
        memory.Write(8, [9, 0, 0, 0, 0, 0, (byte)size, (byte)(size >> 8), 1]);
        var e = Assert.Throws<BpfException>(() => Drain(memory, 8, 72, int.MaxValue));
        Assert.Equal($"The perf buffer of CPU 3 holds a record of {size} bytes where 64 are left.", e.Message);
    }

    [Theory]
    [InlineData(0UL, 4104UL)] // more than the buffer has
    [InlineData(0UL, 4UL)]
    [InlineData(4UL, 64UL)]
    [InlineData(64UL, 0UL)] // backwards
    public void Positions_that_can_not_be_are_refused(ulong tail, ulong head)
    {
        using var memory = new RingMemory(4096, 1);
        Assert.Throws<BpfException>(() => Drain(memory, tail, head, int.MaxValue));
    }

    [Fact]
    public void A_sample_longer_than_its_record_or_without_a_length_is_refused()
    {
        using var memory = new RingMemory(4096, 1);
        Record(memory, 0, PerfRecords.TypeSample, [13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Throws<BpfException>(() => Drain(memory, 0, 24, int.MaxValue));
        // The last 8 bytes of the buffer: there is nothing behind it.
        Record(memory, 4088, PerfRecords.TypeSample, []);
        Assert.Throws<BpfException>(() => Drain(memory, 4088, 4096, int.MaxValue));
        Record(memory, 4088, PerfRecords.TypeLost, []);
        Assert.Empty(Drain(memory, 4088, 4096, int.MaxValue).Sink.Losses);
    }

    [Fact]
    public void Hostile_buffers_neither_leave_the_memory_nor_the_documented_errors()
    {
        using var memory = new RingMemory(4096, 1);
        var random = new Random(20261122);
        var page = new byte[4096];
        var (refused, read) = (0, 0);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var round = 0; round < 400_000 && (round < 60_000 || clock.Elapsed < TimeSpan.FromSeconds(2)); round++)
        {
            var tail = (ulong)random.Next(0, 3 * 4096) & (round % 16 == 0 ? ~0UL : ~7UL);
            var head = tail + ((ulong)random.Next(0, round % 32 == 0 ? 5000 : 4097) & (round % 16 == 0 ? ~0UL : ~7UL));
            Hostile(random, page);
            memory.Write(0, page);
            try
            {
                Drain(memory, tail, head, random.Next(1, 1000));
                read++;
            }
            catch (BpfException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0 && read > 0, $"{refused} {read}");
    }

    [Fact]
    public void Hostile_recordings_neither_leave_the_memory_nor_go_on_for_ever()
    {
        using var memory = new RingMemory(4096, 1);
        var random = new Random(1);
        var page = new byte[4096];
        var samples = 0L;
        for (var round = 0; round < 5_000; round++)
        {
            Hostile(random, page);
            memory.Write(0, page);
            *(ulong*)(memory.Page + PerfRecords.DataHeadOffset) = (ulong)random.NextInt64() & (round % 16 == 0 ? ~0UL : ~7UL);
            var sink = new ListSink();
            Assert.InRange(new OverwriteRing(3, memory.Page, memory.Data, 4096).Read(sink, Wrapped), 0, 4096 / 16);
            samples += sink.Samples.Count;
        }

        Assert.InRange(samples, 100, long.MaxValue);
    }

    /// <summary>Mostly records as they should be, with some bytes that should not.</summary>
    private static void Hostile(Random random, byte[] page)
    {
        random.NextBytes(page);
        for (var at = 0; at < 4096;)
        {
            var length = random.Next(200) == 0 ? random.Next(65536) : 8 * random.Next(1, 20);
            if (at + 16 > 4096)
                break;
            var type = random.Next(4) switch { 0 => 2u, 1 => (uint)random.Next(12), _ => 9u };
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(at), type);
            BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(at + 6), (ushort)length);
            if (random.Next(100) != 0)
                BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(at + 8), (uint)Math.Max(0, length - 12 - random.Next(0, 4)));
            at += Math.Max(8, length & ~7);
        }
    }

    private static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A sample as the kernel writes it: its length counts the padding.</summary>
    private static ulong Sample(RingMemory memory, ulong position, byte[] bytes)
        => Record(memory, position, PerfRecords.TypeSample, [.. BitConverter.GetBytes(bytes.Length), .. bytes]);

    private static ulong Record(RingMemory memory, ulong position, uint type, byte[] bytes)
    {
        var length = (8 + bytes.Length + 7) & ~7;
        memory.Write(position, [.. BitConverter.GetBytes(type), 0, 0, (byte)length, (byte)(length >> 8), .. bytes]);
        return (ulong)length;
    }

    private static (ListSink Sink, DrainOutcome Outcome) Drain(RingMemory memory, ulong tail, ulong head, int limit)
    {
        var sink = new ListSink();
        return (sink, Ring(memory, tail, head).Drain(new SampleTarget(sink), limit));
    }

    private static PerfRing Ring(RingMemory memory, ulong tail, ulong head)
    {
        *(ulong*)(memory.Page + PerfRecords.DataHeadOffset) = head;
        *(ulong*)(memory.Page + PerfRecords.DataTailOffset) = tail;
        return new PerfRing(3, memory.Page, memory.Data, (ulong)memory.Size, Wrapped);
    }

    private static ulong Tail(RingMemory memory) => *(ulong*)(memory.Page + PerfRecords.DataTailOffset);
}

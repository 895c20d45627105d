namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>Damage of every kind to the files of a queue: what is not damaged is delivered, in order, and nothing else ever.</summary>
public sealed class DamagedSegmentTests : IDisposable
{
    private const int Batches = 8;

    private readonly TemporaryDirectory _directory = new();
    private List<(string Path, byte[] Bytes)>? _files;

    private string Path => _directory.Of("otlp");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_byte_of_a_segment_may_be_wrong_and_costs_at_most_the_record_it_is_in(bool last)
    {
        (byte[] records, _) = Segment(last);
        var starts = new List<int>();
        int end = SegmentHeader.Size;
        for (int i = 0; i < Batches; i++)
        {
            starts.Add(end);
            end += (int)RecordHeader.Footprint(NumberedContent.BytesOf(i).Length);
        }
        Assert.Equal(records.Length, end);
        for (int at = 0; at < records.Length; at++)
        {
            byte[] damaged = [.. records];
            damaged[at] ^= (byte)(1 << at % 8);
            int hit = starts.FindLastIndex(start => start <= at);
            bool inPadding = hit >= 0 && at >= starts[hit] + RecordHeader.Size + NumberedContent.BytesOf(hit).Length;
            using OpenedLog log = Open(damaged);
            IEnumerable<int> whole = Enumerable.Range(0, last ? Batches : Batches + 1);
            Assert.Equal(hit < 0 || inPadding ? whole : whole.Where(n => n != hit), log.Drain());
            AssertSettled(log);
            if (hit >= 0 && !inPadding)
                Assert.InRange(log.Storage.CorruptedBytes + log.Storage.CutBytes, RecordHeader.Footprint(4), RecordHeader.Footprint(104));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_segment_may_end_anywhere_and_what_is_before_is_delivered(bool last)
    {
        (byte[] records, _) = Segment(last);
        for (int length = 0; length < records.Length; length++)
        {
            using OpenedLog log = Open(records[..length]);
            int end = SegmentHeader.Size, whole = 0;
            while (whole < Batches && (end += (int)RecordHeader.Footprint(NumberedContent.BytesOf(whole).Length)) <= length)
                whole++;
            Assert.Equal(last ? Enumerable.Range(0, whole) : [.. Enumerable.Range(0, whole), Batches], log.Drain());
            AssertSettled(log);
        }
    }

    [Fact]
    public void A_torn_end_is_cut_off_once_and_is_no_corruption()
    {
        (byte[] records, _) = Segment(last: true);
        using (OpenedLog log = Open(records[..^10]))
        {
            Assert.True(log.Storage.CutBytes > 0);
            Assert.Equal(0, log.Storage.CorruptedBytes);
        }
        using var next = new OpenedLog(Path);
        Assert.Equal((0L, 0L), (next.Storage.CutBytes, next.Storage.CorruptedBytes));
        Assert.Equal(Enumerable.Range(0, Batches - 1), next.Drain());
    }

    [Fact]
    public void Without_both_copies_of_the_header_the_segment_is_lost_and_counted_and_the_others_are_not()
    {
        (byte[] records, byte[] acknowledgements) = Segment(last: false);
        records[0] ^= 1;
        acknowledgements[0] ^= 1;
        File.WriteAllBytes(Directory.GetFiles(Path, "*.acks").Min()!, acknowledgements);
        using OpenedLog log = Open(records);
        Assert.Equal(records.Length, log.Storage.CorruptedBytes);
        Assert.Equal([Batches], log.Drain());
        AssertSettled(log);
    }

    [Fact]
    public void Each_byte_of_the_acknowledgements_may_be_wrong_and_only_sends_again()
    {
        using (var log = new OpenedLog(Path))
        {
            log.Append(Enumerable.Range(0, Batches));
            log.Drain(complete: false);
            foreach (ulong sequence in (ulong[])[1, 3, 4, 7])
            {
                log.Log.Complete(sequence);
                log.Log.WriteAcknowledgements(flush: false);
            }
        }
        string path = Assert.Single(Directory.GetFiles(Path, "*.acks"));
        byte[] acknowledgements = File.ReadAllBytes(path);
        Assert.Equal(SegmentHeader.Size + 4 * SequenceRange.Size, acknowledgements.Length);
        for (int at = 0; at < acknowledgements.Length; at++)
        {
            byte[] damaged = [.. acknowledgements];
            damaged[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(path, damaged);
            int entry = at < SegmentHeader.Size ? -1 : (at - SegmentHeader.Size) / SequenceRange.Size;
            int[] done = [.. new[] { 0, 2, 3, 6 }.Where((_, i) => i != entry)];
            using var log = new OpenedLog(Path);
            Assert.Equal(Enumerable.Range(0, Batches).Except(done), log.Drain());
        }
    }

    [Fact]
    public void What_looks_like_a_record_inside_a_request_is_none()
    {
        // Another queue's record, as whoever sends us telemetry may know its format; but not the seed of our segment.
        using (var foreign = new OpenedLog(_directory.Of("foreign")))
            foreign.Append(7, 8, 9);
        byte[] inside = File.ReadAllBytes(Assert.Single(Directory.GetFiles(_directory.Of("foreign"), "*.records")));
        using (var log = new OpenedLog(Path))
        {
            Batch hostile = Batch.Copy(Signal.Logs, 1, inside);
            log.Log.Append(hostile);
            hostile.Release();
            log.Append(1);
        }
        string path = Assert.Single(Directory.GetFiles(Path, "*.records"));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[SegmentHeader.Size] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var next = new OpenedLog(Path);
        Assert.Equal([1], next.Drain());
        Assert.Equal(RecordHeader.Footprint(inside.Length), next.Storage.CorruptedBytes);
    }

    [Fact]
    public void A_record_that_is_there_twice_is_delivered_once()
    {
        (byte[] records, _) = Segment(last: true);
        byte[] twice = [.. records, .. records.AsSpan(SegmentHeader.Size)];
        using OpenedLog log = Open(twice);
        Assert.Equal(Enumerable.Range(0, Batches), log.Drain());
    }

    [Fact]
    public void Random_files_are_read_to_their_end_without_an_error()
    {
        (byte[] records, byte[] acknowledgements) = Segment(last: true);
        string acknowledgementsPath = Assert.Single(Directory.GetFiles(Path, "*.acks"));
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] fuzzed = Fuzz(records, random), fuzzedAcknowledgements = Fuzz(acknowledgements, random);
            File.WriteAllBytes(acknowledgementsPath, fuzzedAcknowledgements);
            try
            {
                using OpenedLog log = Open(fuzzed);
                List<int> numbers = log.Drain();
                Assert.Equal(numbers.Distinct().Order(), numbers);
                Assert.All(numbers, n => Assert.InRange(n, 0, Batches - 1));
                log.AssertBalanced();
            }
            catch (Exception e) when (e is not StorageException)
            {
                Assert.Fail($"{e}\nrecords {Convert.ToHexString(fuzzed)}\nacknowledgements {Convert.ToHexString(fuzzedAcknowledgements)}");
            }
        }
    }

    [Fact]
    public void A_length_that_the_file_does_not_have_is_not_believed()
    {
        var segment = new SegmentHeader(5, 1);
        byte[] bytes = new byte[SegmentHeader.Size + RecordHeader.Size];
        segment.Write(bytes, SegmentHeader.RecordsMagic);
        foreach (int length in (int[])[1, 1000, RecordHeader.MaxLength, RecordHeader.MaxLength + 1, int.MaxValue, -1, int.MinValue])
        {
            new RecordHeader(1, 0, length, 1, 0, Signal.Logs).Write(bytes.AsSpan(SegmentHeader.Size), 5);
            Directory.CreateDirectory(Path);
            File.WriteAllBytes(System.IO.Path.Combine(Path, "0000000000000001.records"), bytes);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            using var log = new OpenedLog(Path);
            Assert.Empty(log.Drain());
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1024 * 1024);
        }
    }

    public void Dispose() => _directory.Dispose();

    private static byte[] Fuzz(byte[] bytes, Random random)
    {
        byte[] fuzzed = [.. bytes.AsSpan(0, random.Next(3) == 0 ? random.Next(bytes.Length + 1) : bytes.Length)];
        for (int i = random.Next(6); i > 0 && fuzzed.Length > 0; i--)
        {
            int at = random.Next(fuzzed.Length), count = Math.Min(random.Next(1, 40), fuzzed.Length - at);
            switch (random.Next(4))
            {
                case 0: fuzzed[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: random.NextBytes(fuzzed.AsSpan(at, count)); break;
                case 2: fuzzed.AsSpan(at, count).Clear(); break;
                default: fuzzed.AsSpan(random.Next(fuzzed.Length - count + 1), count).CopyTo(fuzzed.AsSpan(at)); break;
            }
        }
        return fuzzed;
    }

    /// <summary>Writes the segment that is damaged, and one behind it unless it is the last.</summary>
    private (byte[] Records, byte[] Acknowledgements) Segment(bool last)
    {
        using (var log = new OpenedLog(Path))
            log.Append(Enumerable.Range(0, Batches));
        string records = Assert.Single(Directory.GetFiles(Path, "*.records"));
        if (!last)
        {
            using var log = new OpenedLog(Path);
            log.Append(Batches);
        }
        return (File.ReadAllBytes(records), File.ReadAllBytes(System.IO.Path.ChangeExtension(records, ".acks")));
    }

    /// <summary>Opens the queue with its first segment replaced, and what an earlier turn removed or cut put back.</summary>
    private OpenedLog Open(byte[] records)
    {
        _files ??= [.. Directory.GetFiles(Path).Select(path => (path, File.ReadAllBytes(path)))];
        foreach ((string path, byte[] bytes) in _files.Where(f => !File.Exists(f.Path)))
            File.WriteAllBytes(path, bytes);
        File.WriteAllBytes(_files.Select(f => f.Path).Where(p => p.EndsWith(".records", StringComparison.Ordinal)).Min()!, records);
        return new OpenedLog(Path);
    }

    private static void AssertSettled(OpenedLog log)
    {
        log.AssertBalanced();
        Assert.All(Enum.GetValues<Signal>(), s => Assert.Equal(0, log.Statistics.Pending(s)));
        Assert.Equal(0, log.Storage.Batches);
    }
}

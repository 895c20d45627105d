using System.Runtime.Versioning;

namespace EbpfReceiver.Otlp.Tests.Storage;

[SupportedOSPlatform("linux")]
public sealed class SegmentedLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.Of("otlp");

    [Fact]
    public void What_is_appended_comes_back_in_order_from_several_segments()
    {
        using var log = new OpenedLog(Path, Small());
        log.Append(Enumerable.Range(0, 500));
        Assert.True(Directory.GetFiles(Path, "*.records").Length > 5);
        Assert.Equal(Enumerable.Range(0, 500), log.Drain());
        log.AssertBalanced();
        Assert.Equal(0, log.Storage.Batches);
        Assert.All(Enum.GetValues<Signal>(), s => Assert.Equal(0, log.Statistics.Pending(s)));
        log.Log.RemoveFinishedSegments();
        Assert.Single(Directory.GetFiles(Path, "*.records"));
    }

    [Fact]
    public void A_killed_process_leaves_all_that_was_committed_and_what_was_acknowledged_is_not_sent_again()
    {
        using (var log = new OpenedLog(Path, Small()))
        {
            log.Append(Enumerable.Range(0, 300));
            Assert.Equal(Enumerable.Range(0, 100), log.Drain(limit: 100));
            Assert.Equal(Enumerable.Range(100, 50), log.Drain(complete: false, limit: 50));
            log.Log.WriteAcknowledgements(flush: false);
        }
        using var next = new OpenedLog(Path, Small());
        Assert.Equal(200, next.Storage.RecoveredBatches);
        foreach (Signal signal in Enum.GetValues<Signal>())
            Assert.Equal(NumberedBatches.Items(Enumerable.Range(100, 200), signal), next.Statistics.Recovered(signal));
        next.Append(Enumerable.Range(300, 10));
        Assert.Equal(Enumerable.Range(100, 210), next.Drain());
        next.AssertBalanced();
        Assert.Equal(0, next.Storage.CorruptedBytes);
    }

    [Fact]
    public void Acknowledgements_out_of_order_are_remembered()
    {
        using (var log = new OpenedLog(Path))
        {
            log.Append(Enumerable.Range(0, 10));
            log.Drain(complete: false);
            foreach (ulong sequence in (ulong[])[3, 1, 2, 8, 6])
                log.Log.Complete(sequence);
            log.Log.WriteAcknowledgements(flush: true);
        }
        // Sequence numbers begin with 1.
        using var next = new OpenedLog(Path);
        Assert.Equal([3, 4, 6, 8, 9], next.Drain());
    }

    [Fact]
    public void A_closed_log_counts_what_it_keeps_as_stored_and_the_next_as_recovered()
    {
        var log = new OpenedLog(Path, Small());
        log.Append(Enumerable.Range(0, 100));
        log.Drain(limit: 40);
        log.Close();
        log.AssertBalanced();
        Assert.All(Enum.GetValues<Signal>(), s => Assert.Equal(0, log.Statistics.Pending(s)));
        using var next = new OpenedLog(Path, Small());
        foreach (Signal signal in Enum.GetValues<Signal>())
            Assert.Equal(log.Statistics.Stored(signal), next.Statistics.Recovered(signal));
        Assert.Equal(Enumerable.Range(40, 60), next.Drain());
    }

    [Fact]
    public void An_empty_queue_leaves_no_segments_to_the_next_process()
    {
        for (int run = 0; run < 5; run++)
        {
            var log = new OpenedLog(Path, Small());
            log.Append(run);
            Assert.Equal([run], log.Drain());
            log.Close();
            Assert.Single(Directory.GetFiles(Path, "*.records"));
        }
    }

    [Fact]
    public void A_full_queue_drops_the_oldest_segment_and_counts_its_items_by_signal()
    {
        QueueStorageOptions options = Small() with { MaxBytes = 32 * 1024 };
        using var log = new OpenedLog(Path, options);
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(log.Log.MakeRoom(RecordHeader.Footprint(NumberedContent.BytesOf(i).Length), out _));
            log.Append(i);
            Assert.True(FilesOf(Path) <= options.MaxBytes, $"{FilesOf(Path)} bytes at {i}");
            Assert.Equal(FilesOf(Path), log.Storage.Bytes);
        }
        List<int> left = log.Drain();
        Assert.Equal(Enumerable.Range(1000 - left.Count, left.Count), left);
        Assert.InRange(left.Count, 100, 500);
        foreach (Signal signal in Enum.GetValues<Signal>())
        {
            Assert.Equal(
                NumberedBatches.Items(Enumerable.Range(0, 1000 - left.Count), signal), log.Statistics.Dropped(signal, DropCause.Evicted));
            Assert.Equal(0, log.Statistics.Pending(signal));
        }
    }

    [Fact]
    public void What_is_under_way_when_its_segment_is_evicted_is_counted_by_what_becomes_of_it()
    {
        using var log = new OpenedLog(Path, Small() with { MaxBytes = 8 * 1024 });
        log.Append(0, 1, 2);
        Assert.Equal([0], log.Drain(complete: false, limit: 1));
        Assert.True(log.Log.Holds(1));
        for (int i = 3; log.Log.Holds(1); i++)
        {
            Assert.True(log.Log.MakeRoom(2048, out _));
            log.Append(i);
        }
        Batch first = NumberedBatches.Make(0);
        log.Statistics.CountDelivered(first.Signal, first.Items, first.Length);
        first.Release();
        log.Log.Complete(1);
        log.Drain();
        log.AssertBalanced();
        Assert.All(Enum.GetValues<Signal>(), s => Assert.Equal(0, log.Statistics.Pending(s)));
        Assert.Equal(0, log.Storage.Batches);
    }

    [Fact]
    public void A_full_queue_that_refuses_has_room_again_when_a_segment_is_delivered()
    {
        using var log = new OpenedLog(Path, Small() with { MaxBytes = 8 * 1024, WhenFull = FullPolicy.Refuse });
        int next = 0;
        while (log.Log.MakeRoom(200, out bool evicted))
        {
            Assert.False(evicted);
            log.Append(next++);
        }
        Assert.Equal(Enumerable.Range(0, next), log.Drain());
        Assert.True(log.Log.MakeRoom(200, out _));
    }

    [Fact]
    public void A_batch_larger_than_a_segment_has_one_of_its_own()
    {
        using (var log = new OpenedLog(Path, Small()))
        {
            for (int i = 0; i < 6; i++)
            {
                Batch batch = NumberedBatches.Make(i, i % 2 == 0 ? 100 : 500_000 + i);
                log.Log.Append(batch);
                batch.Release();
            }
            log.Log.Commit();
        }
        using var next = new OpenedLog(Path, Small());
        Assert.Equal(Enumerable.Range(0, 6), next.Drain());
    }

    [Fact]
    public void Files_and_directory_are_for_the_owner_alone()
    {
        Directory.CreateDirectory(Path, (UnixFileMode)0x1ff);
        using var log = new OpenedLog(Path);
        log.Append(1);
        log.Drain();
        log.Log.WriteAcknowledgements(flush: false);
        Assert.Equal((UnixFileMode)0x1c0, File.GetUnixFileMode(Path));
        string[] files = Directory.GetFiles(Path);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_segment_of_a_later_version_is_left_alone_and_said()
    {
        using (var log = new OpenedLog(Path))
            log.Append(1);
        string records = Assert.Single(Directory.GetFiles(Path, "*.records"));
        byte[] bytes = File.ReadAllBytes(records);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(28), Crc32C.Of(0, bytes.AsSpan(0, 28)));
        File.WriteAllBytes(records, bytes);
        StorageException error = Assert.Throws<StorageException>(() => new OpenedLog(Path));
        Assert.Contains("later version", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(records));
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("313233343536373839", 0xe3069283u)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", 0x8a9136aau)]
    public void The_sum_is_that_of_the_standard(string hex, uint sum) => Assert.Equal(sum, Crc32C.Of(0, Convert.FromHexString(hex)));

    public void Dispose() => _directory.Dispose();

    internal static long FilesOf(string path) =>
        Directory.GetFiles(path).Where(f => System.IO.Path.GetExtension(f).Length > 0).Sum(f => new FileInfo(f).Length);

    private QueueStorageOptions Small() => new() { Directory = _directory.Path, SegmentBytes = 4096, Fsync = FsyncPolicy.Never };
}

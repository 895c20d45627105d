using System.Diagnostics;
using EbpfReceiver.Otlp.Tests.Delivery;
using OpenTelemetry.Proto.Collector.Logs.V1;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>
/// An hour without a collector at 10,000 items a second, as fast as the disk takes it: 3,600 requests of 10,000 log records. Alone: it is
/// measured what the process has in memory.
/// </summary>
[Collection(BufferCollection.Name)]
public sealed class OutageTests
{
    private const int Seconds = 3600;
    private const int ItemsPerSecond = 10_000;

    [Theory]
    [InlineData(1024)]
    [InlineData(128)]
    public async Task After_an_hour_of_outage_everything_comes_back_in_order_or_is_counted(int mebibytes)
    {
        using var directory = new TemporaryDirectory();
        var clock = Stopwatch.StartNew();
        int port = ReservedPort.Take();
        var storage = new QueueStorageOptions
        {
            Directory = directory.Path,
            MaxBytes = mebibytes * 1024L * 1024,
            Fsync = FsyncPolicy.Never,
        };
        using var outlet = new OtlpGrpcOutlet(new OtlpOutletOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{port}"),
            Compression = OtlpCompression.None,
            Retry = new OtlpRetryOptions { InitialInterval = TimeSpan.FromMilliseconds(20), MaxInterval = TimeSpan.FromMilliseconds(100) },
            Queue = new OtlpQueueOptions { Consumers = 1, BlockOnOverflow = true, MaxBytes = 4 * 1024 * 1024, Storage = storage },
        });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        var fanout = new Fanout([outlet]);
        byte[] second = Second();
        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        for (int i = 0; i < Seconds; i++)
        {
            fanout.Publish(Numbered(second, i));
            if (i % 100 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        OutletStatistics s = outlet.Statistics;
        await UntilAsync(() => s.Queued == 0);
        Assert.True(most < 16L * 1024 * 1024, $"{most} bytes more");
        Assert.True(s.Storage!.Bytes <= storage.MaxBytes);
        Assert.Equal(0, s.Delivered(Signal.Logs));

        await using GrpcCollector collector = await GrpcCollector.StartAsync(port);
        var arrived = new List<int>();
        await UntilAsync(() =>
        {
            while (collector.Logs.TryDequeue(out ExportLogsServiceRequest? request))
                arrived.Add((int)request.ResourceLogs[0].ScopeLogs[0].LogRecords[0].TimeUnixNano);
            return s.Pending(Signal.Logs) == 0;
        });
        Assert.Equal((long)Seconds * ItemsPerSecond, s.Offered(Signal.Logs));
        Assert.Equal((long)ItemsPerSecond * arrived.Count, s.Delivered(Signal.Logs));
        Assert.Equal((long)ItemsPerSecond * (Seconds - arrived.Count), s.Dropped(Signal.Logs, DropCause.Evicted));
        Assert.Equal(s.Offered(Signal.Logs), s.Delivered(Signal.Logs) + s.Dropped(Signal.Logs));
        // The one that was tried all the time came through although its segment was evicted.
        int kept = arrived[0] == 0 && arrived.Count < Seconds ? arrived.Count - 1 : arrived.Count;
        Assert.Equal(Enumerable.Range(Seconds - kept, kept), arrived.TakeLast(kept));
        Assert.Equal(mebibytes == 1024 ? Seconds : arrived.Count, arrived.Count);
        await outlet.StopAsync(TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(
            $"{mebibytes} MiB: {arrived.Count} of {Seconds} requests, {most >> 10} KiB more memory, {clock.Elapsed.TotalSeconds:F1} s");
    }

    /// <summary>A request of small records: the first has its time in eight bytes that can be written over.</summary>
    private static byte[] Second()
    {
        var request = new MemoryStream();
        byte[] first = [0x12, 9, 0x09, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] other = [0x12, 2, 0x10, 9];
        int records = first.Length + (ItemsPerSecond - 1) * other.Length;
        int scope = 1 + Varint.Size((ulong)records) + records;
        WriteField(request, 0x0a, scope);
        WriteField(request, 0x12, records);
        request.Write(first);
        for (int i = 1; i < ItemsPerSecond; i++)
            request.Write(other);
        return request.ToArray();
    }

    private static Batch Numbered(byte[] second, int number)
    {
        byte[] bytes = [.. second];
        int at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x12, 9, 0x09]) + 3;
        BitConverter.TryWriteBytes(bytes.AsSpan(at), (ulong)number);
        return Batch.Copy(Signal.Logs, ItemsPerSecond, bytes);
    }

    private static void WriteField(Stream stream, byte tag, int length)
    {
        Span<byte> varint = stackalloc byte[10];
        stream.WriteByte(tag);
        stream.Write(varint[..Varint.Write(varint, 0, (ulong)length)]);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(5), "not so after five minutes");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Benchmarks.QueueStorage;

/// <summary>
/// How fast batches go into the queue of a push outlet whose collector is away: in memory, and on disk by fsync policy; peer: the same
/// bytes written to one file in a row, as dd does, and flushed as often. In turns, medians.
/// </summary>
internal static class QueueStorageBenchmark
{
    private const long BytesPerRound = 128L * 1024 * 1024;
    private const int Rounds = 5;

    private static readonly (string Name, FsyncPolicy? Fsync)[] s_queues =
    [
        ("memory", null),
        ("disk, fsync never", FsyncPolicy.Never),
        ("disk, fsync interval", FsyncPolicy.Interval),
        ("disk, fsync always", FsyncPolicy.Always),
    ];

    /// <param name="directory">On the disk that is measured.</param>
    public static async Task<int> RunAsync(string directory)
    {
        Console.WriteLine(
            $"{BytesPerRound >> 20} MiB a round in {directory}, {Rounds} rounds in turns, medians, on {Environment.ProcessorCount} CPUs");
        foreach (int length in (int[])[4 << 10, 64 << 10, 1 << 20])
        {
            var peers = new List<Measured>();
            var queues = s_queues.Select(_ => new List<Measured>()).ToArray();
            for (int round = 0; round < Rounds; round++)
            {
                peers.Add(WriteInARow(directory, length));
                for (int i = 0; i < s_queues.Length; i++)
                    queues[i].Add(await FillAsync(directory, length, s_queues[i].Fsync));
            }
            double peer = Median(peers, m => m.Seconds);
            Console.WriteLine($"\nbatches of {length >> 10} KiB{"",-8} {"MiB/s",10} {"batches/s",11} {"of peer",8} {"CPU s/GiB",10}");
            Print("one file, flushed", peers, peer);
            for (int i = 0; i < s_queues.Length; i++)
                Print(s_queues[i].Name, queues[i], peer);

            void Print(string name, List<Measured> measured, double of)
            {
                double seconds = Median(measured, m => m.Seconds);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-24} {BytesPerRound / seconds / (1 << 20),10:F0} {BytesPerRound / length / seconds,11:F0} " +
                    $"{of / seconds,8:F2} {Median(measured, m => m.Cpu) * (1 << 30) / BytesPerRound,10:F2}"));
            }
        }
        return 0;
    }

    private static Measured WriteInARow(string directory, int length)
    {
        string path = Path.Combine(directory, $"row-{Guid.NewGuid():N}");
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        var start = Start.Now();
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            long flushed = Stopwatch.GetTimestamp();
            for (long written = 0; written < BytesPerRound; written += length)
            {
                file.Write(bytes);
                if (Stopwatch.GetElapsedTime(flushed) < TimeSpan.FromMilliseconds(200))
                    continue;
                file.Flush(flushToDisk: true);
                flushed = Stopwatch.GetTimestamp();
            }
            file.Flush(flushToDisk: true);
        }
        Measured measured = start.End();
        File.Delete(path);
        return measured;
    }

    private static async Task<Measured> FillAsync(string directory, int length, FsyncPolicy? fsync)
    {
        string own = Path.Combine(directory, $"queue-{Guid.NewGuid():N}");
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        var options = new OtlpOutletOptions
        {
            Endpoint = new Uri("http://127.0.0.1:1"),
            Queue = new OtlpQueueOptions
            {
                Size = fsync is null ? long.MaxValue : 1000,
                MaxBytes = fsync is null ? long.MaxValue : 16 << 20,
                BlockOnOverflow = fsync is not null,
                Storage = fsync is null ? null : new QueueStorageOptions { Directory = own, Fsync = fsync.Value },
            },
        };
        Measured measured;
        using (var outlet = new OtlpGrpcOutlet(options))
        {
            var fanout = new Fanout([outlet]);
            var start = Start.Now();
            for (long offered = 0; offered < BytesPerRound; offered += length)
                fanout.Publish(Batch.Copy(Signal.Traces, 1, bytes));
            if (outlet.Statistics.Storage is { } storage)
            {
                // All is with the kernel, and by the policy with the disk.
                while (outlet.Statistics.Queued > 0 || (fsync == FsyncPolicy.Interval && storage.UnsyncedBytes > 0))
                    await Task.Delay(1);
            }
            measured = start.End();
            await outlet.StopAsync(new CancellationToken(canceled: true));
        }
        if (Directory.Exists(own))
            Directory.Delete(own, recursive: true);
        return measured;
    }

    private static double Median(List<Measured> measured, Func<Measured, double> of) =>
        measured.Select(of).Order().ElementAt(measured.Count / 2);

    /// <summary>One round.</summary>
    /// <param name="Seconds">Of the clock.</param>
    /// <param name="Cpu">Seconds of CPU, the kernel's part included.</param>
    private readonly record struct Measured(double Seconds, double Cpu);

    private readonly record struct Start(long Clock, TimeSpan Cpu)
    {
        public static Start Now() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

        public Measured End() =>
            new(Stopwatch.GetElapsedTime(Clock).TotalSeconds, (Environment.CpuUsage.TotalTime - Cpu).TotalSeconds);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EbpfReceiver.Benchmarks.OtlpWriting;
using EbpfReceiver.Otlp;
using EbpfReceiver.Otlp.Tests;

namespace EbpfReceiver.OtlpExportBenchmarks;

/// <summary>
/// A collector that is away for an hour while 10,000 spans a second are made, by a clock that goes faster: what memory it takes, and
/// whether every span is accounted for.
/// </summary>
internal static class OutageBenchmark
{
    private const int ItemsPerSecond = 10_000;
    private const int BatchItems = 2000;

    public static async Task<int> RunAsync(int minutes, int speed)
    {
        var time = new AcceleratedTime { Speed = speed };
        ConnectionSample[] samples = ConnectionSample.Make(8192);
        var options = new OtlpOutletOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{UnusedPort()}"),
            Queue = new OtlpQueueOptions { MaxBytes = 16 << 20 },
        };
        using var outlet = new OtlpGrpcOutlet(options, time: time);
        await outlet.StartAsync(CancellationToken.None);
        var writer = new OwnWriter(samples, BatchItems, new Fanout([outlet]).Publish);
        OutletStatistics statistics = outlet.Statistics;
        Console.WriteLine($"{minutes} minutes at {speed} times the speed, {ItemsPerSecond} spans a second, 16 MiB of queue");
        Console.WriteLine($"{"minute",8} {"offered",12} {"full",12} {"expired",12} {"queued",10} {"retries",8} {"RSS MB",8}");

        long began = time.GetTimestamp();
        double seconds = minutes * 60;
        int said = -1;
        long largest = 0;
        for (long made = 0; made < (long)seconds * ItemsPerSecond; made += BatchItems)
        {
            writer.WriteSpans(BatchItems);
            double now = (double)(made + BatchItems) / ItemsPerSecond;
            if ((int)(now / 60) / 5 > said)
            {
                said = (int)(now / 60) / 5;
                Report((int)(now / 60), statistics, ref largest);
            }
            while (time.GetElapsedTime(began).TotalSeconds < now)
                await Task.Delay(1);
        }
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await outlet.StopAsync(deadline.Token);
        Report(minutes, statistics, ref largest);
        long lost = statistics.Dropped(Signal.Traces, DropCause.QueueFull) + statistics.Dropped(Signal.Traces, DropCause.Expired);
        bool exact = statistics.Offered(Signal.Traces) == lost && statistics.Dropped(Signal.Traces) == lost && statistics.Queued == 0;
        string verdict = exact ? "exact" : "NOT EXACT";
        Console.WriteLine(
            $"offered {statistics.Offered(Signal.Traces)}, dropped {lost}: {verdict}; at most {largest >> 20} MB resident");
        return exact ? 0 : 1;
    }

    private static void Report(int minute, OutletStatistics statistics, ref long largest)
    {
        long resident = Environment.WorkingSet;
        largest = Math.Max(largest, resident);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{minute,8} {statistics.Offered(Signal.Traces),12} {statistics.Dropped(Signal.Traces, DropCause.QueueFull),12} " +
            $"{statistics.Dropped(Signal.Traces, DropCause.Expired),12} {statistics.Pending(Signal.Traces),10} " +
            $"{statistics.Retries,8} {resident >> 20,8}"));
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Globalization;
using EbpfReceiver.Benchmarks.OtlpWriting;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.OtlpExportBenchmarks;

/// <summary>
/// CPU seconds that a million spans cost this process from sample to socket: written, batched, compressed or not, and sent to
/// a server in another process.
/// </summary>
internal static class CostBenchmark
{
    public const int BatchItems = 2048;

    public static async Task<int> RunAsync(int items, int rounds)
    {
        ConnectionSample[] samples = ConnectionSample.Make(8192);
        using ExportSink sink = ExportSink.Start();
        Console.WriteLine($"{items} spans of 10 attributes in requests of {BatchItems}, median of {rounds} rounds in turns");
        Console.WriteLine("CPU seconds of this process per million spans; on loopback the kernel's part has the receiver's TCP in it");
        Console.WriteLine($"{"",-16} {"user",8} {"kernel",8} {"both",8} {"MB/s",8} {"lost",6}");
        List<Way> ways = [];
        foreach (bool grpc in new[] { true, false })
        {
            foreach (OtlpCompression compression in Enum.GetValues<OtlpCompression>())
                ways.Add(await Way.StartAsync(sink, grpc, compression));
        }
        for (int round = 0; round <= rounds; round++)
        {
            foreach (Way way in ways)
                await way.MeasureAsync(samples, items, count: round > 0);
        }
        foreach (Way way in ways)
            await way.ReportAsync(items);
        return 0;
    }

    /// <summary>One outlet, and what each round cost.</summary>
    private sealed class Way(string name, IOutlet outlet)
    {
        private readonly List<(double User, double Kernel, double Rate)> _rounds = [];

        public static async Task<Way> StartAsync(ExportSink sink, bool grpc, OtlpCompression compression)
        {
            var options = new OtlpOutletOptions { Endpoint = grpc ? sink.Grpc : sink.Http, Compression = compression };
            IOutlet outlet = grpc ? new OtlpGrpcOutlet(options) : new OtlpHttpOutlet(options);
            await outlet.StartAsync(CancellationToken.None);
            return new Way($"{(grpc ? "gRPC" : "HTTP")} {compression.ToString().ToLowerInvariant()}", outlet);
        }

        public async Task MeasureAsync(ConnectionSample[] samples, int items, bool count)
        {
            var fanout = new Fanout([outlet]);
            OutletStatistics statistics = outlet.Statistics;
            long bytes = statistics.Bytes;
            var writer = new OwnWriter(samples, BatchItems, fanout.Publish);
            Environment.ProcessCpuUsage before = Environment.CpuUsage;
            long began = TimeProvider.System.GetTimestamp();
            for (int written = 0; written < items; written += BatchItems)
            {
                // A reader that is faster than the network would be refused; here it waits instead.
                while (statistics.Queued > 50)
                    await Task.Delay(1);
                writer.WriteSpans(Math.Min(BatchItems, items - written));
            }
            while (statistics.Queued > 0)
                await Task.Delay(1);
            Environment.ProcessCpuUsage after = Environment.CpuUsage;
            double seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            if (count)
            {
                _rounds.Add((
                    (after.UserTime - before.UserTime).TotalSeconds,
                    (after.PrivilegedTime - before.PrivilegedTime).TotalSeconds,
                    (statistics.Bytes - bytes) / seconds));
            }
        }

        public async Task ReportAsync(int items)
        {
            (double user, double kernel, double rate) = _rounds.OrderBy(r => r.User + r.Kernel).ElementAt(_rounds.Count / 2);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-16} {user * 1e6 / items,8:F3} {kernel * 1e6 / items,8:F3} {(user + kernel) * 1e6 / items,8:F3} " +
                $"{rate / 1e6,8:F1} {outlet.Statistics.Dropped(Signal.Traces),6}"));
            await outlet.StopAsync(CancellationToken.None);
            (outlet as IDisposable)?.Dispose();
        }
    }
}

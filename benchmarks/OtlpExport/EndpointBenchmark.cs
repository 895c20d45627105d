using System.Globalization;
using EbpfReceiver.Benchmarks.OtlpWriting;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.OtlpExportBenchmarks;

/// <summary>
/// What it costs to take spans by OTLP/gRPC and to pass them on: the published receiver and a stock collector in turns, with the same
/// producer, the same requests and the same server at the end. CPU seconds a million spans, and resident memory.
/// </summary>
internal static class EndpointBenchmark
{
    private const int ReceiverPort = 14327;
    private const int CollectorPort = 14347;
    private static readonly (int PerRequest, int Items)[] Sizes = [(10, 100_000), (512, 500_000)];

    /// <param name="rounds">In turns.</param>
    /// <param name="receiver">Our binary.</param>
    /// <param name="collector">The collector's.</param>
    /// <param name="only">The case to measure; empty: all of them.</param>
    public static async Task<int> RunAsync(int rounds, string receiver, string collector, string only)
    {
        foreach (string program in new[] { receiver, collector })
        {
            if (File.Exists(program)) continue;
            Console.Error.WriteLine($"{program} is not there: run ./run.sh build and integration-tests/collector/build.sh first");
            return 1;
        }

        using ExportSink sink = ExportSink.Start();
        Console.WriteLine(
            $"spans of 10 attributes by OTLP/gRPC, not compressed; {Environment.ProcessorCount} CPUs; medians of {rounds} rounds in turns");
        Console.WriteLine($"{"",-34} {"a request",9} | {"CPU s per million spans",-26} | {"peak memory, MB",-26}");
        Console.WriteLine($"{"",-34} {"",9} | {"ours",8} {"theirs",8} {"ratio",8} | {"ours",8} {"theirs",8} {"ratio",8}");
        foreach (EndpointCase of in EndpointCase.All(sink.Grpc, sink.Http).Where(c => only.Length == 0 || c.Name == only))
        {
            foreach ((int perRequest, int items) in Sizes)
            {
                var ours = new List<(double Cpu, double Memory)>();
                var theirs = new List<(double Cpu, double Memory)>();
                for (int round = 0; round < rounds; round++)
                {
                    using (EndpointContender contender = Receiver(receiver, of))
                        ours.Add(await MeasureAsync(contender, perRequest, items));
                    using (EndpointContender contender = Collector(collector, of))
                        theirs.Add(await MeasureAsync(contender, perRequest, items));
                }

                Report(of.Name, perRequest, ours, theirs);
            }
        }

        if (only.Length == 0) Idle(receiver, collector, EndpointCase.All(sink.Grpc, sink.Http)[1]);
        return 0;
    }

    private static EndpointContender Receiver(string program, EndpointCase of) =>
        EndpointContender.Start(program, ["run"], ReceiverPort, of.ReceiverConfiguration(ReceiverPort));

    private static EndpointContender Collector(string program, EndpointCase of) =>
        EndpointContender.Start(program, [], CollectorPort, of.CollectorConfiguration(CollectorPort));

    private static async Task<(double Cpu, double Memory)> MeasureAsync(EndpointContender contender, int perRequest, int items)
    {
        var options = new OtlpOutletOptions { Endpoint = contender.Endpoint, Compression = OtlpCompression.None };
        using var producer = new OtlpGrpcOutlet(options);
        await producer.StartAsync(CancellationToken.None);
        byte[][] requests = Requests(perRequest);
        // A tenth first: connections, pools and the heap find their size.
        await SendAsync(producer, requests, perRequest, items / 10);
        contender.WaitUntilQuiet();
        contender.ForgetPeak();
        TimeSpan before = contender.CpuTime;
        await SendAsync(producer, requests, perRequest, items);
        contender.WaitUntilQuiet();
        double cpu = (contender.CpuTime - before).TotalSeconds / items * 1e6;
        double memory = contender.PeakMegabytes;
        await producer.StopAsync(CancellationToken.None);
        if (producer.Statistics.Dropped(Signal.Traces) > 0)
        {
            throw new InvalidOperationException(
                $"{producer.Statistics.Dropped(Signal.Traces)} spans were refused: {producer.Statistics.LastError}");
        }

        return (cpu, memory);
    }

    /// <summary>A few requests that are not the same, made once.</summary>
    private static byte[][] Requests(int perRequest)
    {
        const int Different = 16;
        var requests = new List<byte[]>(Different);
        var writer = new OwnWriter(ConnectionSample.Make(8192), perRequest, batch =>
        {
            requests.Add(batch.Bytes.ToArray());
            batch.Release();
        });
        while (requests.Count < Different) writer.WriteSpans(perRequest);
        return [.. requests];
    }

    private static async Task SendAsync(OtlpGrpcOutlet producer, byte[][] requests, int perRequest, int items)
    {
        for (int i = 0; i * perRequest < items; i++)
        {
            while (producer.Statistics.Queued > 20) await Task.Delay(1);
            Batch batch = Batch.Copy(Signal.Traces, perRequest, requests[i % requests.Length]);
            if (!producer.TryAccept(batch)) throw new InvalidOperationException("the producer's queue is full");
        }

        while (producer.Statistics.Queued > 0) await Task.Delay(1);
    }

    private static void Idle(string receiver, string collector, EndpointCase of)
    {
        TimeSpan time = TimeSpan.FromSeconds(15);
        foreach (bool own in new[] { true, false })
        {
            using EndpointContender contender = own ? Receiver(receiver, of) : Collector(collector, of);
            contender.WaitUntilQuiet();
            TimeSpan before = contender.CpuTime;
            Thread.Sleep(time);
            double share = (contender.CpuTime - before) / time;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"idle, {(own ? "ours" : "theirs")}: {share:P2} of a CPU, {contender.Megabytes:F1} MB resident"));
        }
    }

    private static void Report(
        string name, int perRequest, List<(double Cpu, double Memory)> ours, List<(double Cpu, double Memory)> theirs)
    {
        double ourCpu = Median(ours.Select(m => m.Cpu)), theirCpu = Median(theirs.Select(m => m.Cpu));
        double ourMemory = Median(ours.Select(m => m.Memory)), theirMemory = Median(theirs.Select(m => m.Memory));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-34} {perRequest,9} | {ourCpu,8:F2} {theirCpu,8:F2} {ourCpu / theirCpu,7:F2}x | " +
            $"{ourMemory,8:F1} {theirMemory,8:F1} {ourMemory / theirMemory,7:F2}x"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Benchmarks.OtlpWriting;

/// <summary>
/// From samples to OTLP bytes: our writers, Google.Protobuf and the OpenTelemetry .NET exporter, interleaved in one process.
/// </summary>
internal static class OtlpWritingBenchmark
{
    private const int BatchItems = 2048;
    private const int WarmUpRounds = 4;

    public static int Run(string[] args)
    {
        int items = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200 * BatchItems;
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 15;
        ConnectionSample[] samples = ConnectionSample.Make(8192);
        var own = new OwnWriter(samples, BatchItems);
        var google = new GoogleProtobufWriter(samples, BatchItems);
        using var openTelemetry = new OpenTelemetryWriter(samples, BatchItems);

        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Processor()}, " +
            $"{Environment.ProcessorCount} CPUs; " +
            $"{items} items a round in requests of {BatchItems}, median of {rounds} rounds");
        Compare("spans, 10 attributes, 16 resources", items, rounds,
        [
            new Contender("ours", own.WriteSpans),
            new Contender("Google.Protobuf", google.WriteSpans),
            new Contender("OpenTelemetry .NET exporter", openTelemetry.WriteSpans),
        ]);
        Compare("log records, 4 attributes and a body, 16 resources", items, rounds,
        [
            new Contender("ours", own.WriteLogs),
            new Contender("Google.Protobuf", google.WriteLogs),
        ]);
        return 0;
    }

    private static void Compare(string title, int items, int rounds, Contender[] contenders)
    {
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            foreach (Contender contender in contenders)
                contender.Measure(items, keep: round >= 0);
        }
        Console.WriteLine();
        Console.WriteLine($"{title,-50} {"ns/item",10} {"items/s",12} {"ratio",7} {"B alloc",9} {"B wire",8}");
        foreach (Contender contender in contenders)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{contender.Name,-50} {contender.Median,10:F1} {1e9 / contender.Median,12:N0} " +
                $"{contender.Median / contenders[0].Median,6:F1}x {contender.Allocated,9:F2} {contender.Encoded,8:F1}"));
        }
    }

    private static string Processor()
    {
        foreach (string line in File.ReadLines("/proc/cpuinfo"))
        {
            if (line.StartsWith("model name", StringComparison.Ordinal))
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}

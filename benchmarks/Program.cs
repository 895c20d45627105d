using EbpfReceiver.Benchmarks.Footprint;
using EbpfReceiver.Benchmarks.OtlpWriting;
using EbpfReceiver.Benchmarks.ProbeCost;
using EbpfReceiver.Benchmarks.QueueStorage;

switch (args is [var name, ..] ? name : "")
{
    case "footprint":
        return FootprintBenchmark.Run(args is [_, var binary, ..] ? binary : "out/ebpf-receiver");
    case "otlp-writing":
        return OtlpWritingBenchmark.Run(args[1..]);
    case "probe-cost":
        return ProbeCostBenchmark.Run();
    case "queue-storage":
        return await QueueStorageBenchmark.RunAsync(args is [_, var directory, ..] ? directory : Path.GetTempPath());
    default:
        Console.Error.WriteLine(
            "usage: dotnet run -c Release --project benchmarks -- footprint [BINARY] | otlp-writing [ITEMS [ROUNDS]] | probe-cost | queue-storage [DIRECTORY]");
        return 2;
}

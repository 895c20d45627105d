using System.Globalization;
using System.Runtime.CompilerServices;
using EbpfReceiver.OtlpExportBenchmarks;

int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

if (args is ["sink"])
{
    await ExportSink.ServeAsync();
    return 0;
}
if (args is ["endpoint", ..])
{
    string Text(int index, string otherwise) => args.Length > index ? args[index] : otherwise;
    return await EndpointBenchmark.RunAsync(Number(1, 3), Text(2, "out/ebpf-receiver"), Text(3, ".cache/collector/otelcol"), Text(4, ""));
}
if (args is not ["cost" or "outage", ..])
{
    Console.Error.WriteLine("usage: cost [ITEMS [ROUNDS]] | outage [MINUTES [SPEED]] | endpoint [ROUNDS [BINARY [COLLECTOR [CASE]]]]");
    return 2;
}
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{args[0]}: {Environment.ProcessorCount} CPUs, .NET {Environment.Version}, " +
    $"{(RuntimeFeature.IsDynamicCodeCompiled ? "just-in-time" : "ahead-of-time")} compiled"));
return args[0] == "cost"
    ? await CostBenchmark.RunAsync(Number(1, 500 * CostBenchmark.BatchItems), Number(2, 5))
    : await OutageBenchmark.RunAsync(Number(1, 60), Number(2, 100));

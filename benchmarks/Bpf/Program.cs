using System.Globalization;
using System.Runtime.CompilerServices;
using EbpfReceiver.BpfBenchmarks;

if (args is ["one", var what, var path])
    return LoadingBenchmark.One(what, path);
if (args is not ["readers" or "loading" or "types", ..])
{
    Console.Error.WriteLine("usage: readers [perf | ring] | loading [ROUNDS] | types [ROUNDS]");
    return 2;
}

var directory = Directory.CreateTempSubdirectory("bpf-benchmarks-");
try
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{args[0]}: {Environment.ProcessorCount} CPUs, Linux {Environment.OSVersion.Version}, .NET {Environment.Version}, "
            + $"{(RuntimeFeature.IsDynamicCodeCompiled ? "just-in-time" : "ahead-of-time")} compiled"));
    var rounds = args is [_, var number, ..] && int.TryParse(number, CultureInfo.InvariantCulture, out var parsed) ? parsed : 11;
    return args[0] switch
    {
        "readers" => ReaderBenchmark.Run(directory.FullName, args),
        "loading" => LoadingBenchmark.Load(directory.FullName, rounds),
        _ => LoadingBenchmark.Types(directory.FullName, rounds),
    };
}
finally
{
    directory.Delete(recursive: true);
}

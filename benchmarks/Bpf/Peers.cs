using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>What is compiled from C when a benchmark runs.</summary>
internal static class Peers
{
    /// <summary>Compiles BPF C that stands here; gives the path of the object.</summary>
    public static string CompileBpf(string name, string directory)
    {
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x86";
        var output = Path.Combine(directory, $"{name}.o");
        Compile($"-target bpf -mcpu=v3 -O2 -g -D__TARGET_ARCH_{machine} -I{Sources()}/../../probes/bpf "
            + $"-c {Sources()}/{name}.c -o {output}");
        return output;
    }

    /// <summary>Compiles C that uses libbpf; gives the path of the program.</summary>
    public static string CompileLibbpf(string name, string directory)
    {
        var output = Path.Combine(directory, name);
        Compile($"-O2 -Wall -Wextra {Sources()}/{name}.c -lbpf -lpthread -o {output}");
        return output;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Compile(string arguments)
    {
        using var clang = Process.Start("clang", arguments);
        clang.WaitForExit();
        if (clang.ExitCode != 0)
            throw new InvalidOperationException("clang failed; the benchmark needs clang and libbpf-dev.");
    }

    private static string Sources([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

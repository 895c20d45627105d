using System.Diagnostics;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>Compilers, for objects and oracles that are made when the tests run. Results are kept for the run.</summary>
internal static class Toolchain
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("bpf-tests-").FullName;
    private static readonly Dictionary<string, string> Made = [];

    static Toolchain() => AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(Folder, recursive: true);

    /// <summary>Compiles BPF C of this project; gives the path of the object.</summary>
    internal static string CompileBpf(string source, string flags = "") =>
        Make(source + flags, ".o", output =>
        {
            Run("clang", $"-target bpf -mcpu=v3 -O2 -g -Wall -Werror {flags} -c {Source(source)} -o {output}");
            // DWARF goes, BTF stays.
            Run("llvm-strip", $"-g {output}");
        });

    /// <summary>The raw BTF of C source of this project: a kernel of our own making.</summary>
    internal static string CompileBtf(string source, string flags = "")
    {
        var compiled = CompileBpf(source, flags);
        return Make(source + flags + ".btf", ".btf", output => Run("llvm-objcopy", $"--dump-section .BTF={output} {compiled}"));
    }

    /// <summary>Compiles the oracle that uses libbpf; skips the test if libbpf's headers are not installed.</summary>
    internal static string Libbpf()
    {
        Assert.SkipUnless(File.Exists("/usr/include/bpf/libbpf.h"), "libbpf-dev is not installed");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "libbpf makes the maps of an object before it relocates; that needs root");
        return Make("relocate", "", static output => Run("cc", $"-O1 -Wall -o {output} {Source("Oracles/relocate.c")} -lbpf"));
    }

    /// <summary>Compiles C of this project for this machine; gives the path of the program.</summary>
    internal static string CompileNative(string source, string flags = "") =>
        Make(source + flags, "", output => Run("cc", $"-O1 -Wall -Werror {flags} -o {output} {Source(source)}"));

    /// <summary>Runs a program; gives what it prints.</summary>
    internal static string Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: exit code {process.ExitCode}\n{errors.Result}");
        return output;
    }

    private static string Make(string key, string suffix, Action<string> make)
    {
        lock (Made)
        {
            if (!Made.TryGetValue(key, out var output))
            {
                output = Path.Combine(Folder, Made.Count + suffix);
                make(output);
                Made.Add(key, output);
            }
            return output;
        }
    }

    // The sources are copied beside the tests.
    private static string Source(string path) => Path.Combine(AppContext.BaseDirectory, path);
}

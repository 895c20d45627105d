using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>A running Usdt/usdt_target.c.</summary>
internal sealed class UsdtTarget : IDisposable
{
    private readonly Process _process;

    public UsdtTarget(int rounds, string? path = null)
    {
        _process = Process.Start(new ProcessStartInfo(path ?? Path, rounds.ToString(CultureInfo.InvariantCulture))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>The program, position-independent.</summary>
    public static string Path => Compile("-fPIE -pie");

    public int Id => _process.Id;

    public static string Compile(string flags)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The probes are written for x86-64.");
        return Toolchain.CompileNative("Usdt/usdt_target.c", flags);
    }

    /// <summary>Has it go its rounds.</summary>
    /// <returns>The semaphore of test:guarded at their end.</returns>
    public int Go()
    {
        _process.StandardInput.WriteLine("go");
        var line = _process.StandardOutput.ReadLine();
        Assert.StartsWith("done ", line, StringComparison.Ordinal);
        return int.Parse(line.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}

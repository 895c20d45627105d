using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>A running <c>target</c> (Objects/target.c), which waits before it calls and after.</summary>
internal sealed class TargetProcess : IDisposable
{
    private readonly Process _process;

    public TargetProcess(int calls)
    {
        _process = Process.Start(new ProcessStartInfo(Executable, calls.ToString(CultureInfo.InvariantCulture))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public static string Executable => Path.Combine(AppContext.BaseDirectory, "Objects", "target");

    public int Id => _process.Id;

    public void CallNow()
    {
        _process.StandardInput.WriteLine("go");
        Assert.StartsWith("done", _process.StandardOutput.ReadLine(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}

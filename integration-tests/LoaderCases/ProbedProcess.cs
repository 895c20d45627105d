using System.Diagnostics;
using System.Globalization;

namespace EbpfReceiver.LoaderCases;

/// <summary>A running Objects/probed.c.</summary>
internal sealed class ProbedProcess : IDisposable
{
    private readonly Process _process;

    public ProbedProcess(string path)
    {
        _process = Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Id = int.Parse(_process.StandardOutput.ReadLine() ?? "0", CultureInfo.InvariantCulture);
    }

    public int Id { get; }

    /// <summary>Has it do something so many times, and waits until it has.</summary>
    public void Do(string what, int times)
    {
        _process.StandardInput.WriteLine($"{what} {times}");
        CaseRun.Equal("done", _process.StandardOutput.ReadLine() ?? "(ended)", "the probed program");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }
}

using System.Diagnostics;
using System.Globalization;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>libbpf-reader.c, running and obeying.</summary>
internal sealed class LibbpfPeer : IDisposable
{
    private readonly Process _process;
    private bool _disposed;

    public LibbpfPeer(string executable, string bpfObject, ReaderCase run)
    {
        var arguments = string.Create(
            CultureInfo.InvariantCulture, $"{bpfObject} {ReaderCase.Pages} {run.Size} {(run.IsRing ? "ring" : "perf")} {run.WakeEvery}");
        _process = Process.Start(new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        if (_process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException("libbpf did not load or attach the producer: run as root.");
    }

    public int Id => _process.Id;

    public (long, long, long) Run(string command, int number)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{command} {number}"));
        var answer = _process.StandardOutput.ReadLine()!.Split(' ');
        return (Parse(answer[0]), Parse(answer[1]), Parse(answer[2]));

        static long Parse(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

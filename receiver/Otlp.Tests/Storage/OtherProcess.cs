using System.Diagnostics;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>Another process, flock(1), that has a queue directory in use.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;

    public OtherProcess(string directory)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, QueueDirectory.LockName);
        // It says who it is, as a receiver does, and goes on until its input ends.
        string script = $"printf $$ > {path}; echo locked; cat > /dev/null";
        _process = Process.Start(new ProcessStartInfo("flock", ["--no-fork", path, "sh", "-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("locked", _process.StandardOutput.ReadLine());
    }

    public int Id => _process.Id;

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}

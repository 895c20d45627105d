using System.Diagnostics;

namespace EbpfReceiver.Benchmarks.ProbeCost;

/// <summary>bpftrace with a program of its own language, attached until it is disposed.</summary>
internal sealed class BpftracePeer : IDisposable
{
    private readonly Process _process;

    public BpftracePeer(string program, int programs)
    {
        var before = ProgramCost.Read();
        // It looks for tracepoints in tracefs, which a mount namespace of its own shows it.
        var start = new ProcessStartInfo("unshare") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("--mount");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            "mount -t debugfs debugfs /sys/kernel/debug; mount -t tracefs tracefs /sys/kernel/tracing; "
            + "mount -t tracefs tracefs /sys/kernel/debug/tracing; exec bpftrace -e \"$0\"");
        start.ArgumentList.Add(program + " BEGIN { printf(\"attached\\n\"); }");
        _process = Process.Start(start)!;
        while (_process.StandardOutput.ReadLine() is { } line && line != "attached")
        {
        }
        // BEGIN runs before the others are attached.
        for (var wait = 0; wait < 50 && Programs.Length <= programs; wait++)
        {
            Thread.Sleep(100);
            Programs = [.. ProgramCost.Read().Where(p => !before.ContainsKey(p.Key) && p.Value.Runs > 0).Select(static p => p.Key)];
        }
    }

    /// <summary>Ids of its programs.</summary>
    public int[] Programs { get; private set; } = [];

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

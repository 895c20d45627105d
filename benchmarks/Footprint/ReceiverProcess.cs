using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EbpfReceiver.Benchmarks.Footprint;

/// <summary>The published binary, with a file to write to and the usual pages.</summary>
internal sealed partial class ReceiverProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly TaskCompletionSource<ReceiverStart> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Process _process;
    private readonly string _directory;

    private ReceiverProcess(string binary, string probes)
    {
        _directory = Directory.CreateTempSubdirectory("footprint-").FullName;
        var configuration = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(configuration, $$"""
            receiver: { endpoint: 127.0.0.1:14327 }
            exporters:
              prometheus: { endpoint: 127.0.0.1:19464 }
              file: { path: {{_directory}}/telemetry.jsonl }
            {{probes}}
            """);
        var start = new ProcessStartInfo(binary, ["run", "--config", configuration]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _clock.Restart();
        _process = Process.Start(start)!;
        _process.OutputDataReceived += static (_, _) => { };
        _process.ErrorDataReceived += OnLine;
        _process.Exited += (_, _) => _started.TrySetException(new InvalidOperationException("the receiver ended before its probes were attached"));
        _process.EnableRaisingEvents = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public double ResidentMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.AsSpan(6, line.Length - 9), CultureInfo.InvariantCulture) / 1000 * 1.024;
        }
    }

    /// <summary>Of all threads there are; schedstat counts nanoseconds where the process's own times count ticks of 10 ms.</summary>
    public TimeSpan CpuTime => TimeSpan.FromMicroseconds(Directory.EnumerateDirectories($"/proc/{_process.Id}/task").Sum(ThreadNanoseconds) / 1000);

    /// <summary>Starts it; the rest of its configuration is the default.</summary>
    /// <param name="binary">The program.</param>
    /// <param name="probes">The section <c>probes:</c> of the configuration; empty: the default probes.</param>
    public static ReceiverProcess Start(string binary, string probes = "") => new(binary, probes);

    public ReceiverStart WaitUntilStarted() =>
        _started.Task.Wait(StartLimit) ? _started.Task.Result : throw new TimeoutException($"nothing was attached within {StartLimit.TotalSeconds} s");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [GeneratedRegex(@"Attached in \d+ ms; (\d+) probes run")]
    private static partial Regex StartedLine();

    private static double ThreadNanoseconds(string thread)
    {
        try
        {
            return double.Parse(File.ReadAllText($"{thread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended since the directory was read.
            return 0;
        }
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (StartedLine().Match(line.Data ?? "") is { Success: true } match)
            _started.TrySetResult(new(_clock.Elapsed, CpuTime, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
    }
}

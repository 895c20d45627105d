using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace EbpfReceiver.OtlpExportBenchmarks;

/// <summary>An OTLP endpoint in a process of its own: the receiver or a collector.</summary>
internal sealed class EndpointContender : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _directory;

    private EndpointContender(Process process, string directory, int port)
    {
        _process = process;
        _directory = directory;
        Endpoint = new Uri($"http://127.0.0.1:{port}");
    }

    /// <summary>Where it takes OTLP/gRPC.</summary>
    public Uri Endpoint { get; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory now, in MB.</summary>
    public double Megabytes => Status("VmRSS:");

    /// <summary>The most resident memory it had since <see cref="ForgetPeak"/>, in MB.</summary>
    public double PeakMegabytes => Status("VmHWM:");

    /// <summary>Starts it and waits until it takes connections.</summary>
    /// <param name="program">The binary.</param>
    /// <param name="arguments">Without the configuration.</param>
    /// <param name="port">That the configuration names.</param>
    /// <param name="configuration">YAML.</param>
    public static EndpointContender Start(string program, string[] arguments, int port, string configuration)
    {
        string directory = Directory.CreateTempSubdirectory("endpoint-").FullName;
        string file = Path.Combine(directory, "config.yaml");
        File.WriteAllText(file, configuration);
        var start = new ProcessStartInfo(program, [.. arguments, "--config", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var contender = new EndpointContender(process, directory, port);
        try
        {
            contender.WaitUntilItListens(port);
            return contender;
        }
        catch
        {
            contender.Dispose();
            throw;
        }
    }

    /// <summary>What starting took is over: the peak begins anew (proc(5), clear_refs).</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>Waits until it has used no CPU time to speak of for a second: what it was given has gone out.</summary>
    public void WaitUntilQuiet()
    {
        TimeSpan before = CpuTime;
        while (true)
        {
            Thread.Sleep(TimeSpan.FromSeconds(1));
            TimeSpan now = CpuTime;
            if (now - before < TimeSpan.FromMilliseconds(50))
                return;
            before = now;
        }
    }

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

    private void WaitUntilItListens(int port)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode}");
            if (clock.Elapsed > StartLimit)
                throw new TimeoutException($"{_process.StartInfo.FileName} does not listen on {port}");
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(50); // not yet
            }
        }
    }

    private double Status(string field)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.AsSpan(field.Length, line.Length - field.Length - 3), CultureInfo.InvariantCulture) / 1000 * 1.024;
    }
}

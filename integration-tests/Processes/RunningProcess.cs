using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EbpfReceiver.IntegrationTests.Processes;

/// <summary>A program that a test started: its output so far, signals to it, and its end, which disposal enforces.</summary>
internal sealed partial class RunningProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private RunningProcess(Process process, string commandLine)
    {
        _process = process;
        CommandLine = commandLine;
    }

    public string CommandLine { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Text(_output);

    public string Error => Text(_error);

    public static RunningProcess Start(
        string program, IEnumerable<string> arguments, string? directory = null,
        IReadOnlyDictionary<string, string?>? environment = null, string? input = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        Process process = new() { StartInfo = start };
        RunningProcess running = new(process, $"{program} {string.Join(' ', start.ArgumentList)}");
        process.OutputDataReceived += (_, line) => Append(running._output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(running._error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (input is not null)
            process.StandardInput.Write(input);
        process.StandardInput.Close();
        return running;
    }

    public void Signal(PosixSignalNumber signal)
    {
        if (Kill(_process.Id, (int)signal) != 0)
            throw new InvalidOperationException($"kill {_process.Id}: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>The exit code; a program that is still running after the limit is killed, and that is an error.</summary>
    public int WaitForExit(TimeSpan limit)
    {
        if (!_process.WaitForExit(limit))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{CommandLine} still ran after {limit}\n{Error}\n{Output}");
        }

        _process.WaitForExit(); // and for the end of its output
        return _process.ExitCode;
    }

    /// <summary>Waits until the condition holds; an early exit or the limit is an error with the program's output.</summary>
    public void WaitUntil(Func<bool> condition, TimeSpan limit, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (_process.HasExited)
            {
                // What it did last counts, and its output comes on another thread.
                for (int i = 0; i < 100; i++)
                {
                    if (condition())
                        return;
                    Thread.Sleep(50);
                }

                throw new InvalidOperationException($"{CommandLine} ended with {_process.ExitCode} before {what}\n{Error}\n{Output}");
            }

            if (watch.Elapsed > limit)
                throw new TimeoutException($"{CommandLine}: not {what} after {limit}\n{Error}\n{Output}");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit(TimeSpan.FromMinutes(1));
        _process.Dispose();
    }

    private static void Append(StringBuilder to, string? line)
    {
        if (line is null)
            return;
        lock (to)
            to.Append(line).Append('\n');
    }

    private static string Text(StringBuilder of)
    {
        lock (of)
            return of.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}

using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>A real systemd in namespaces of its own that runs the receiver by the unit that is published (Life/systemd.sh).</summary>
internal sealed class SystemdUnderTest : IDisposable
{
    private const string Service = "ebpf-receiver";

    private readonly RunningProcess _script;
    private readonly int _systemd;

    private SystemdUnderTest(RunningProcess script, int systemd) => (_script, _systemd) = (script, systemd);

    /// <param name="configuration">Of the receiver.</param>
    /// <param name="change">Changes the unit, as to shorten its times.</param>
    public static SystemdUnderTest Start(string configuration, Func<string, string> change)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "namespaces need root");
        string directory = Repository.NewScratch("systemd"), config = Path.Combine(directory, "config.yaml"), unit = Path.Combine(directory, "unit");
        File.WriteAllText(config, configuration);
        File.WriteAllText(unit, change(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "systemd", "ebpf-receiver.service"))));
        RunningProcess script = RunningProcess.Start(
            Path.Combine(Repository.Root, "integration-tests", "Life", "systemd.sh"), [Repository.Receiver, config, unit]);
        try
        {
            // Until then nothing has been told that could not be told again.
            int systemd = 0;
            for (int i = 0; i < 600 && systemd == 0 && !script.HasExited; i++)
            {
                Thread.Sleep(100);
                int found = FirstProcess(script.Id);
                if (found > 0 && Command.Run("nsenter", ["-a", "-t", $"{found}", "systemctl", "show", "-p", "Version"]).ExitCode == 0)
                    systemd = found;
            }

            Assert.SkipWhen(script.HasExited, $"no systemd of its own here: {script.Error}");
            Assert.True(systemd > 0, $"systemd does not answer: {script.Error}{script.Output}");
            return new SystemdUnderTest(script, systemd);
        }
        catch
        {
            End(script);
            throw;
        }
    }

    /// <summary>The receiver's process as this machine sees it; 0 if there is none.</summary>
    public int MainProcess
    {
        get
        {
            // What systemd tells is the number in its own namespace, which is the last one here.
            string inside = Show("MainPID");
            return inside == "0" ? 0 : Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0)
                .FirstOrDefault(id => id > 0 && NumbersOf(id) is { Length: > 1 } numbers && numbers[^1] == inside && IsReceiver(id));
        }
    }

    /// <summary>Changes the receiver's configuration, which is read at the next reload.</summary>
    public void Configure(string configuration) => File.WriteAllText($"/proc/{_systemd}/root/run/receiver/config.yaml", configuration);

    /// <summary>A property of the service, by <c>systemctl show</c>.</summary>
    public string Show(string property) => Control("show", Service, "-p", property, "--value").EnsureSuccess().Output.Trim();

    public CommandResult Control(params IEnumerable<string> arguments) =>
        Command.Run("nsenter", ["-a", "-t", $"{_systemd}", "systemctl", .. arguments], TimeSpan.FromMinutes(2));

    public void WaitUntil(Func<bool> condition, string what, int seconds = 60) => _script.WaitUntil(condition, TimeSpan.FromSeconds(seconds), what);

    public void Dispose() => End(_script);

    private static void End(RunningProcess script)
    {
        // It takes its control groups with it.
        if (!script.HasExited)
            script.Signal(PosixSignalNumber.Terminate);
        script.WaitForExit(TimeSpan.FromSeconds(60));
        script.Dispose();
    }

    /// <summary>The process that is the first of its namespace, below the script; 0 as long as there is none.</summary>
    private static int FirstProcess(int script) => Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), out int id) ? id : 0)
        .FirstOrDefault(id => id > 0 && NumbersOf(id) is { Length: > 1 } numbers && numbers[^1] == "1" && IsBelow(id, script));

    private static bool IsBelow(int process, int ancestor)
    {
        for (int at = process; at > 1; at = int.TryParse(StatusOf(at, "PPid"), out int parent) ? parent : 0)
        {
            if (at == ancestor)
                return true;
        }

        return false;
    }

    private static bool IsReceiver(int process) => StatusOf(process, "Name") == Service;

    private static string[] NumbersOf(int process) => StatusOf(process, "NSpid").Split('\t', StringSplitOptions.RemoveEmptyEntries);

    private static string StatusOf(int process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..].Trim() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended.
        }
    }
}

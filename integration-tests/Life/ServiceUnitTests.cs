using System.Globalization;
using System.Text.RegularExpressions;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>The systemd unit that is published, by systemd's own tools, and its rules against what the receiver does.</summary>
public partial class ServiceUnitTests
{
    /// <summary>
    /// systemd-analyze security: 0 is nothing that could be taken away, 10 is a service without any sandbox. Root for BPF costs 3 of
    /// them.
    /// </summary>
    private const double MostExposure = 4;

    private static string Unit => Path.Combine(Repository.Root, "deploy", "systemd", "ebpf-receiver.service");

    [Fact]
    public void Systemd_reads_every_line_of_it()
    {
        string analyze = Command.Find("systemd-analyze") ?? throw new FileNotFoundException("systemd is not installed");
        string unit = Path.Combine(Repository.NewScratch("unit"), "ebpf-receiver.service");
        File.WriteAllText(unit, File.ReadAllText(Unit).Replace("/usr/local/bin/ebpf-receiver", Repository.Receiver, StringComparison.Ordinal));
        CommandResult verified = Command.Run(analyze, ["verify", "--man=no", unit]);
        // notify-reload came with systemd 253; the line before it is what older ones go by.
        string[] complaints = [.. (verified.Error + verified.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => l.Contains("ebpf-receiver", StringComparison.Ordinal) && !l.Contains("notify-reload", StringComparison.Ordinal))];
        Assert.Empty(complaints);
    }

    [Fact]
    public void Its_sandbox_leaves_little_open()
    {
        string analyze = Command.Find("systemd-analyze") ?? throw new FileNotFoundException("systemd is not installed");
        CommandResult assessed = Command.Run(analyze, ["security", "--offline=true", "--no-pager", Unit]);
        Match level = Exposure().Match(assessed.Output);
        Assert.True(level.Success, assessed.Output + assessed.Error);
        Assert.InRange(double.Parse(level.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 0, MostExposure);
    }

    [Fact]
    public void Its_list_of_system_calls_has_all_that_the_receiver_makes()
    {
        string analyze = Command.Find("systemd-analyze") ?? throw new FileNotFoundException("systemd is not installed");
        string trace = Path.Combine(Repository.NewScratch("calls"), "strace");
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(wrapper: ["strace", "-f", "-qq", "-c", "-U", "name", "-o", trace]);
        Pairs.Tcp("127.0.0.1", 5, 100, 100);
        receiver.Reconfigure(interval: "2s");
        receiver.WaitUntil(() => receiver.Log.Contains("The configuration was read again", StringComparison.Ordinal), "read again");
        Assert.Equal(0, receiver.Stop().ExitCode);

        HashSet<string> allowed = [];
        foreach (string line in File.ReadLines(Unit).Where(l => l.StartsWith("SystemCallFilter=", StringComparison.Ordinal)))
        {
            string names = line["SystemCallFilter=".Length..];
            IEnumerable<string> calls = names.TrimStart('~').Split(' ').SelectMany(name => Members(analyze, name));
            if (names.StartsWith('~')) allowed.ExceptWith(calls);
            else allowed.UnionWith(calls);
        }

        string[] made = [.. File.ReadAllLines(trace).Skip(1).Select(l => l.Trim()).Where(l => Name().IsMatch(l) && l is not ("total" or "syscall"))];
        Assert.Contains("bpf", made);
        // execve is strace's own, before the receiver runs; systemd allows it for the same reason.
        Assert.Empty(made.Except(allowed).Except(["execve"]));
    }

    [Fact]
    public void Memory_that_was_written_is_never_executed()
    {
        // PR_SET_MDWE, as MemoryDenyWriteExecute= has it where the kernel can: inherited, and in force when privileges are given up.
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(
            wrapper: ["perl", "-e", "syscall(157, 65, 1, 0, 0, 0) == 0 or exit 77; exec @ARGV or die", "--"]);
        receiver.WaitUntil(() => receiver.Log.Contains("Privileges given up on all threads", StringComparison.Ordinal), "dropped");
        Assert.Equal(0, receiver.Stop().ExitCode);
    }

    private static IEnumerable<string> Members(string analyze, string name)
    {
        if (!name.StartsWith('@')) return [name];
        return Command.Run(analyze, ["syscall-filter", "--no-pager", name]).EnsureSuccess().Output.Split('\n').Skip(1)
            .Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not '#').SelectMany(l => Members(analyze, l));
    }

    [GeneratedRegex(@"Overall exposure level for .*: ([0-9.]+) ")]
    private static partial Regex Exposure();

    [GeneratedRegex("^[a-z_][a-z0-9_]*$")]
    private static partial Regex Name();
}

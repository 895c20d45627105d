using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>What the process gives up once its probes are attached, and what goes on working all the same.</summary>
public class PrivilegeTests
{
    /// <summary>DAC_READ_SEARCH, SYS_PTRACE, SYS_NICE, PERFMON, CHECKPOINT_RESTORE: bits 2, 19, 23, 38 and 40.</summary>
    private const ulong Reading = 1UL << 2 | 1UL << 19 | 1UL << 23 | 1UL << 38 | 1UL << 40;

    /// <summary>BPF and SYSLOG: bits 39 and 34.</summary>
    private const ulong Attaching = Reading | 1UL << 39 | 1UL << 34;

    [Fact]
    public void By_default_every_thread_keeps_what_attaching_takes_and_later_programs_are_still_seen()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        receiver.WaitUntil(
            () => receiver.Log.Contains("given up on all threads (privileges.after_attach: attach)", StringComparison.Ordinal), "dropped");
        AssertThreads(receiver.Id, Attaching);
        AssertCalls(receiver.Id);

        // A library that nobody has mapped before is found through the new process, and attached to.
        string directory = Repository.NewScratch("library");
        CommandResult linked = Command.Run("ldd", [Repository.Tls]).EnsureSuccess();
        string library = linked.Output.Split('\n').First(l => l.Contains("libssl", StringComparison.Ordinal)).Split("=> ")[1].Split(' ')[0];
        File.Copy(library, Path.Combine(directory, Path.GetFileName(library)));
        int port = FreePort.Take();
        var own = new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = directory };
        using RunningProcess server = RunningProcess.Start(
            Repository.Tls,
            ["serve", $"{port}", "200", "100", "100", Repository.Certificate + ".crt", Repository.Certificate + ".key"],
            directory,
            own);
        server.WaitUntil(() => server.Output.Contains("listening", StringComparison.Ordinal), TimeSpan.FromMinutes(2), "listening");
        receiver.WaitUntil(
            () => Places(receiver, "tls").Any(p => p.StartsWith(directory, StringComparison.Ordinal)), "attached to the new library");
        Command.Run(Repository.Tls, ["connect", $"{port}", "200", "100", "100"]).EnsureSuccess();
        receiver.WaitUntil(
            () => receiver.Telemetry().Sum("linux.tls.io", p => p.Resource.Number("process.pid") == server.Id) > 0, "bytes of the new server");

        // So is a probe that the configuration names later.
        receiver.Reconfigure(probes: "catalogue: { include: [syscall_errors] }");
        receiver.WaitUntil(() => StateOf(receiver, "syscall_errors") == "PROBE_STATE_RUNNING", "the probe of the new configuration");
        AssertThreads(receiver.Id, Attaching);
        Assert.Equal(0, receiver.Stop().ExitCode);
    }

    [Fact]
    public void With_minimal_nothing_is_loaded_any_more_and_telemetry_goes_on()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(root: "privileges: { after_attach: minimal }");
        receiver.WaitUntil(
            () => receiver.Log.Contains("given up on all threads (privileges.after_attach: minimal)", StringComparison.Ordinal), "dropped");
        AssertThreads(receiver.Id, Reading);
        AssertCalls(receiver.Id);
        (CommandResult _, CommandResult client) = Pairs.Tcp("127.0.0.1", 20, 100, 100);
        receiver.WaitUntil(
            () => receiver.Telemetry().Spans.Count(s => s.Name == "tcp connect" && s.ProcessId == client.ProcessId) == 20, "all spans");
        receiver.Reconfigure(probes: "catalogue: { include: [syscall_errors] }", root: "privileges: { after_attach: minimal }");
        receiver.WaitUntil(() => StateOf(receiver, "syscall_errors") == "PROBE_STATE_FAILED", "the probe to be refused");
        receiver.WaitUntil(() => receiver.Get("readyz").Ok, "still ready");
        Assert.Equal(0, receiver.Stop().ExitCode);
    }

    [Fact]
    public void With_keep_nothing_is_given_up_and_the_log_says_so()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(root: "privileges: { after_attach: keep }");
        receiver.WaitUntil(() => receiver.Log.Contains("All privileges are kept", StringComparison.Ordinal), "said");
        string own = File.ReadLines("/proc/self/status").First(l => l.StartsWith("CapPrm:", StringComparison.Ordinal))[7..].Trim();
        Assert.All(ProcessThreads.Lines(receiver.Id, "CapPrm"), caps => Assert.Equal(own, caps));
        Assert.All(ProcessThreads.Lines(receiver.Id, "Seccomp"), mode => Assert.Equal("0", mode));
    }

    private static void AssertThreads(int process, ulong kept)
    {
        foreach (string set in (string[])["CapEff", "CapPrm"])
            Assert.All(ProcessThreads.Lines(process, set), caps => Assert.Equal((set, $"{kept:x16}"), (set, caps)));
        foreach (string set in (string[])["CapInh", "CapAmb", "CapBnd"])
            Assert.All(ProcessThreads.Lines(process, set), caps => Assert.Equal((set, $"{0:x16}"), (set, caps)));
        Assert.All(ProcessThreads.Lines(process, "NoNewPrivs"), value => Assert.Equal("1", value));
        Assert.All(ProcessThreads.Lines(process, "Seccomp"), mode => Assert.Equal("2", mode));
    }

    /// <summary>
    /// A debugger makes the process itself call the kernel: execve, fork, setuid and ptrace get EPERM (1), getpid its answer.
    /// </summary>
    private static void AssertCalls(int process)
    {
        string[] calls = ["59, \"/bin/true\", 0, 0", "57", "105, 0", "101, 0, 0, 0, 0", "39"];
        string[] script =
        [
            // The runtime sends signals to its threads: none of them is to run, nor to stop the debugger, during a call.
            "-ex", "handle all nostop noprint pass", "-ex", "set scheduler-locking on",
            .. calls.SelectMany(call => (string[])["-ex", $"print (long)syscall({call})", "-ex", "print *(int*)__errno_location()"]),
        ];
        CommandResult debugger = Command.Run("gdb", ["-p", $"{process}", "-batch", "-nx", .. script]).EnsureSuccess();
        string[] answers =
        [
            .. debugger.Output.Split('\n').Where(l => l.StartsWith('$')).Select(l => l[(l.IndexOf('=', StringComparison.Ordinal) + 2)..]),
        ];
        Assert.Equal(["-1", "1", "-1", "1", "-1", "1", "-1", "1", $"{process}"], answers[..9]);
    }

    private static JsonElement Probe(ReceiverUnderTest receiver, string name) =>
        receiver.Call("ListProbes").GetProperty("probes").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);

    private static string? StateOf(ReceiverUnderTest receiver, string name) => Probe(receiver, name).GetProperty("state").GetString();

    private static IReadOnlyList<string> Places(ReceiverUnderTest receiver, string name) =>
    [
        .. Probe(receiver, name).GetProperty("hooks").EnumerateArray()
            .SelectMany(h => h.TryGetProperty("attachedTo", out JsonElement places) ? places.EnumerateArray().Select(p => p.GetString()!) : []),
    ];
}

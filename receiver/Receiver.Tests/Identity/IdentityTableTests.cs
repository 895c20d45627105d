using System.Diagnostics;
using EbpfReceiver.Configuration;
using EbpfReceiver.Identity;
using EbpfReceiver.Samples;
using OpenTelemetry.Proto.Resource.V1;

namespace EbpfReceiver.Tests.Identity;

public class IdentityTableTests
{
    private const ulong Start = 12_345_678_901_234;

    [Fact]
    public void An_exec_begins_a_new_version_and_items_keep_the_one_of_their_time()
    {
        IdentityTable table = Table();
        table.OnExec(Description(70_001, "/usr/bin/bash"), time: 100);
        table.OnExec(Description(70_001, "/usr/bin/curl"), time: 200);
        ItemOwner before = table.KeyOf(70_001, Start, 150, "bash"u8, 0, out _);
        ItemOwner after = table.KeyOf(70_001, Start, 250, "curl"u8, 0, out _);
        Assert.NotEqual(before, after);
        Assert.Equal("bash", Attributes(table, before)["service.name"]);
        Assert.Equal("curl", Attributes(table, after)["service.name"]);
        Assert.Equal(0, table.Misses);
    }

    [Fact]
    public void An_exec_that_is_learnt_of_late_still_names_its_items()
    {
        IdentityTable table = Table();
        table.OnExec(Description(70_001, "/usr/bin/bash"), time: 100);
        ItemOwner key = table.KeyOf(70_001, Start, 250, "curl"u8, 0, out _);
        table.OnExec(Description(70_001, "/usr/bin/curl"), time: 200);
        Assert.Equal("curl", Attributes(table, key)["process.executable.name"]);
    }

    [Fact]
    public void A_child_is_what_its_parent_is_until_it_execs()
    {
        IdentityTable table = Table();
        table.OnExec(Description(70_001, "/usr/bin/bash"), time: 100);
        table.OnFork(70_001, Start, 70_002, Start + 5, time: 110);
        Dictionary<string, string> child = Attributes(table, table.KeyOf(70_002, Start + 5, 120, "bash"u8, 0, out _));
        Assert.Equal("bash", child["process.executable.name"]);
        Assert.Equal("70002", child["process.pid"]);
        Assert.Equal("70001", child["process.parent_pid"]);
    }

    [Fact]
    public void A_process_that_exited_is_still_known_and_its_exit_counts_once()
    {
        IdentityTable table = Table();
        table.OnExec(Description(70_001, "/usr/bin/true"), time: 100);
        Assert.True(table.OnExit(70_001, Start));
        Assert.False(table.OnExit(70_001, Start));
        table.Sweep(checkAll: false);
        Assert.Equal("true", Attributes(table, table.KeyOf(70_001, Start, 150, [], 0, out _))["service.name"]);
        Assert.True(table.TryResolveCurrent(70_001, Start, out _, out TimeSpan? exited));
        Assert.NotNull(exited);
    }

    [Fact]
    public void A_pid_that_is_used_again_is_another_process()
    {
        IdentityTable table = Table();
        table.OnExec(Description(70_001, "/usr/bin/old"), time: 100);
        table.OnExec(Description(70_001, "/usr/bin/new") with { StartTime = Start + 9_000_000_000 }, time: 9_000);
        Assert.Equal("old", Attributes(table, table.KeyOf(70_001, Start, 150, [], 0, out _))["service.name"]);
        Assert.Equal("new", Attributes(table, table.KeyOf(70_001, Start + 9_000_000_000, 9_500, [], 0, out _))["service.name"]);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_of_the_exited_are_forgotten()
    {
        IdentityTable table = Table(maximumExited: 10);
        for (int i = 0; i < 100; i++)
        {
            table.OnExec(Description(70_000 + i, "/usr/bin/x"), time: 100);
            table.OnExit(70_000 + i, Start);
        }

        table.Sweep(checkAll: false);
        Assert.Equal(10, table.Count);
    }

    [Fact]
    public void A_process_nobody_told_of_is_read_from_procfs()
    {
        IdentityTable table = Table();
        using Process waiting = Process.Start(new ProcessStartInfo("bash", ["-c", "read line", "--password=x"])
        {
            RedirectStandardInput = true,
            Environment = { ["OTEL_SERVICE_NAME"] = "dozer" },
        })!;
        try
        {
            // Until it has exec'd it is still this program.
            while (!File.ReadAllText($"/proc/{waiting.Id}/cmdline").StartsWith("bash\0-c", StringComparison.Ordinal)) Thread.Sleep(1);
            Assert.True(new ProcFiles().TryReadStat(waiting.Id, out ProcStat stat));
            ulong exact = stat.StartTicks * ProcStat.NanosecondsPerTick + 1_234_567;
            Dictionary<string, string> attributes = Attributes(table, table.KeyOf(waiting.Id, exact, 1, [], 0, out bool observed));
            Assert.True(observed);
            Assert.Equal("dozer", attributes["service.name"]);
            Assert.Equal("bash", attributes["process.executable.name"]);
            Assert.Contains("--password=[REDACTED]", attributes["process.command_args"]);
            Assert.Equal("root", attributes["process.owner"]);
            Assert.Equal(Environment.ProcessId.ToString(), attributes["process.parent_pid"]);
        }
        finally
        {
            waiting.Kill();
            waiting.WaitForExit();
        }

        table.Sweep(checkAll: true);
        Assert.True(table.OnExit(waiting.Id, table.KeyOf(waiting.Id, 0, 0, [], 0, out _).StartTime));
    }

    [Fact]
    public void A_process_that_was_gone_too_early_is_counted_as_a_miss()
    {
        IdentityTable table = Table();
        ItemOwner key = table.KeyOf(4_190_001, 77, 100, "ghost\0\0"u8, 1000, out _);
        Assert.Equal("ghost", Attributes(table, key)["process.executable.name"]);
        Assert.Equal(1, table.Misses);
    }

    [Fact]
    public void Pid_zero_is_the_machine()
    {
        IdentityTable table = Table();
        Dictionary<string, string> attributes = Attributes(table, table.KeyOf(0, 0, 5, [], 0, out _));
        Assert.Equal(["deployment.environment.name", "host.id", "host.name", "os.type"], attributes.Keys.Order());
    }

    [Fact]
    public void Configured_attributes_win_over_what_is_detected()
    {
        IdentityTable table = Table(configured: new() { ["service.name"] = "fixed" });
        table.OnExec(Description(70_001, "/usr/bin/bash"), time: 100);
        Assert.Equal("fixed", Attributes(table, table.KeyOf(70_001, Start, 150, [], 0, out _))["service.name"]);
    }

    [Theory]
    [InlineData("nginx", null, null, null, null, true)]
    [InlineData("ngi*", null, null, null, null, true)]
    [InlineData("apache", null, null, null, null, false)]
    [InlineData(null, "/usr/sbin/*", null, null, null, true)]
    [InlineData("nginx", "/opt/*", null, null, null, false)]
    [InlineData(null, null, 42, null, null, true)]
    [InlineData(null, null, 43, null, null, false)]
    [InlineData(null, null, null, "0123456789ab", null, true)]
    [InlineData(null, null, null, "0123456", null, false)]
    [InlineData(null, null, null, null, "/system.slice/*", true)]
    [InlineData(null, null, null, null, null, false)]
    public void Patterns_match_when_every_part_does(string? name, string? path, int? pid, string? container, string? cgroup, bool expected)
    {
        const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        var process = ProcessDescription.Create(42, 1, Start, 0, "nginx", "/usr/sbin/nginx", [], default, $"/system.slice/docker-{Id}.scope");
        var pattern = new ProcessPattern { Name = name, Path = path, Pid = pid, Container = container, Cgroup = cgroup };
        Assert.Equal(expected, ProcessFilter.Matches(pattern, process));
    }

    [Fact]
    public void The_receiver_itself_is_only_observed_when_it_is_named()
    {
        ProcessDescription self = Description(5, "/usr/bin/ebpf-receiver");
        Assert.False(new ProcessFilter(Patterns([], []), 5).Allows(self));
        Assert.False(new ProcessFilter(Patterns([new ProcessPattern { Name = "*" }], []), 5).Allows(self));
        Assert.True(new ProcessFilter(Patterns([new ProcessPattern { Name = "ebpf-*" }], []), 5).Allows(self));
        Assert.True(new ProcessFilter(Patterns([], []), 6).Allows(self));
        Assert.False(new ProcessFilter(Patterns([], [new ProcessPattern { Pid = 5 }]), 6).Allows(self));
    }

    private static ProcessesConfiguration Patterns(ProcessPattern[] include, ProcessPattern[] exclude) =>
        new() { Include = include, Exclude = exclude };

    private static ProcessDescription Description(int pid, string path) =>
        ProcessDescription.Create(pid, 1, Start, 0, Path.GetFileName(path), path, [path], default, "/");

    private static IdentityTable Table(int maximumExited = 1000, Dictionary<string, string>? configured = null)
    {
        configured ??= new() { ["deployment.environment.name"] = "test" };
        var resources = new ProcessResources(new HostIdentity("h", "i", "b"), new UserNames(), new KernelClock(), configured);
        return new IdentityTable(new ProcFiles(), resources, new ProcessFilter(Patterns([], []), Environment.ProcessId)) { MaximumExited = maximumExited };
    }

    private static Dictionary<string, string> Attributes(IdentityTable table, ItemOwner key)
    {
        Resource resource = Resource.Parser.ParseFrom(table.Resolve(key).Bytes.Span);
        return resource.Attributes.ToDictionary(
            a => a.Key,
            a => a.Value.HasStringValue ? a.Value.StringValue : a.Value.HasIntValue ? a.Value.IntValue.ToString() : a.Value.ArrayValue.ToString());
    }
}

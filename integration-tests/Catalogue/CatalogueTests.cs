using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary>All probes of the catalogue, loaded and attached at once: on this machine's kernel and on those of the guests.</summary>
public class CatalogueTests
{
    private static readonly Lazy<Dictionary<string, Task<string>>> s_lists = new(ListAll);

    public static TheoryData<string> Kernels => [CatalogueGaps.ThisMachine, .. GuestKernel.Versions];

    [Theory]
    [MemberData(nameof(Kernels))]
    public async Task All_probes_run_but_for_those_whose_hooks_a_kernel_has_not(string kernel)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "attaching needs root");
        IReadOnlyDictionary<string, CatalogueState> states = CatalogueState.Read(await s_lists.Value[kernel]);
        Assert.True(states.Count > 100, $"{states.Count} probes are listed");
        IReadOnlyDictionary<string, string> gaps = CatalogueGaps.Of(kernel);
        var wrong = new List<string>();
        foreach (CatalogueState probe in states.Values.Where(probe => !CatalogueGaps.DependsOnPrograms(probe.Name)))
        {
            bool right = gaps.TryGetValue(probe.Name, out string? reason)
                ? probe.State != "running" && probe.Details.Contains(reason, StringComparison.Ordinal)
                : probe.State == "running";
            if (!right)
                wrong.Add($"{probe.Name} is {probe.State}{(reason is null ? "" : $", expected: {reason}")}: {probe.Details}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Work_of_every_kind_is_seen_by_the_probes_that_are_for_it()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(probes: "catalogue: { include: [\"*\"] }");
        Command.Run(Repository.Workload, ["exec", "20", "0", "x"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", "1", "5"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["lookup", "localhost", "5", "found"]);
        Pairs.Tcp("127.0.0.1", 50, 1000, 1000);
        Pairs.Tls(5, 1000, 1000);
        string file = Path.Combine(Repository.NewScratch(), "written");
        Command.Run("dd", ["if=/dev/zero", $"of={file}", "bs=4096", "count=16", "conv=fsync"]).EnsureSuccess();
        Command.Run("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).EnsureSuccess();
        string[] expected =
        [
            "linux.syscalls", "linux.syscall.duration", "linux.syscall.errors", "linux.file.opens", "linux.file.stats", "linux.file.sync.duration", "linux.mounts",
            "linux.sched.run_queue.latency", "linux.sched.off_cpu.duration", "linux.sched.on_cpu.duration", "linux.sched.wakeup.duration", "linux.sched.blocked.duration",
            "linux.workqueue.latency", "linux.workqueue.duration", "linux.process.execs", "linux.process.lifetime", "linux.thread.starts", "linux.signals",
            "linux.softirq.duration", "linux.softirq.wait.duration", "linux.timer.duration", "linux.hrtimer.duration", "linux.memory.slab.allocated",
            "linux.memory.pages.allocated", "linux.memory.pages.freed", "linux.memory.kmalloc.lifetime", "linux.memory.page_faults", "linux.futex.wait.duration",
            "linux.mmap_lock.wait.duration", "linux.tcp.connects", "linux.tcp.connect.duration", "linux.tcp.connection.duration", "linux.tcp.state_changes",
            "linux.tcp.rtt.duration", "linux.tcp.receive.wait.duration", "linux.network.received.bytes", "linux.libc.malloc.size", "linux.libc.malloc.duration",
            "linux.libc.lookup.duration", "linux.openssl.handshake.duration", "linux.openssl.write.size", "linux.page_cache.additions", "linux.page_cache.dirtied",
        ];
        string[] Missing() => [.. expected.Except(receiver.Telemetry().Points.Where(point => point.Value > 0).Select(point => point.Name))];
        SpinWait.SpinUntil(() => Missing().Length == 0, TimeSpan.FromMinutes(2));
        Assert.Empty(Missing());
    }

    private static Dictionary<string, Task<string>> ListAll()
    {
        SemaphoreSlim free = new(2);
        Dictionary<string, Task<string>> lists = new()
        {
            [CatalogueGaps.ThisMachine] = Task.FromResult(ListHere()),
        };
        foreach (string version in GuestKernel.Versions)
        {
            lists[version] = Task.Run(async () =>
            {
                await free.WaitAsync();
                try
                {
                    return ListInGuest(version);
                }
                finally
                {
                    free.Release();
                }
            });
        }

        return lists;
    }

    private static string ListHere()
    {
        string configuration = Path.Combine(Repository.NewScratch(), "everything.yaml");
        File.WriteAllText(configuration, CatalogueState.Everything);
        return Command.Run(Repository.Receiver, ["probes", "list", "--config", configuration], TimeSpan.FromMinutes(10)).EnsureSuccess().Output;
    }

    private static string ListInGuest(string version)
    {
        GuestKernel kernel = GuestKernel.Get(version);
        GuestImage image = new();
        image.AddProgram(Repository.Receiver, "/bin/ebpf-receiver");
        image.AddText("/everything.yaml", CatalogueState.Everything);
        image.AddText("/test.sh", "ebpf-receiver probes list --config /everything.yaml\n");
        return Guest.Run(kernel, image, Repository.NewScratch($"catalogue-{version}"), TimeSpan.FromMinutes(12), GuestKernel.FileSystems).EnsureSuccess().Text("stdout");
    }
}

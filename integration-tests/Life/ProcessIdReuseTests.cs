using System.Globalization;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>A process id is given to another process at once; the kernel is made to do so.</summary>
public class ProcessIdReuseTests
{
    /// <summary>
    /// The id that was given last (proc(5), ns_last_pid): the next process gets the one after it, if no other process is faster.
    /// </summary>
    private const string LastId = "/proc/sys/kernel/ns_last_pid";

    [Fact]
    public void Two_processes_of_one_id_are_two_resources()
    {
        Assert.SkipUnless(File.Exists(LastId), "a kernel without CONFIG_CHECKPOINT_RESTORE can't be told which process id is next");
        string directory = Repository.NewScratch("ids");
        foreach (string name in (string[])["first", "second"]) File.Copy(Repository.Workload, Path.Combine(directory, name));
        string[] work = ["refused", "127.0.0.1", $"{FreePort.Take()}", "3"];
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        CommandResult first = default!, second = default!;
        bool reused = false;
        for (int attempt = 0; attempt < 100 && !reused; attempt++)
        {
            first = Command.Run(Path.Combine(directory, "first"), work).EnsureSuccess();
            // Start times are told apart in steps of 10 ms.
            Thread.Sleep(20);
            File.WriteAllText(LastId, (first.ProcessId - 1).ToString(CultureInfo.InvariantCulture));
            second = Command.Run(Path.Combine(directory, "second"), work).EnsureSuccess();
            reused = first.ProcessId == second.ProcessId;
        }

        Assert.True(reused, "another process took the id every time");
        receiver.WaitUntil(() => Of(receiver, second.ProcessId).Count == 6, "the spans of both");
        ILookup<string?, SpanItem> byProgram = Of(receiver, second.ProcessId).ToLookup(s => s.Resource.Text("process.executable.name"));
        Assert.Equal(["first", "second"], byProgram.Select(g => g.Key).Order());
        string?[] instances = [.. byProgram.Select(g => Assert.Single(g.Select(s => s.Resource.Text("service.instance.id")).Distinct()))];
        Assert.NotEqual(instances[0], instances[1]);
    }

    private static IReadOnlyList<SpanItem> Of(ReceiverUnderTest receiver, int process) =>
        [.. receiver.Telemetry().Spans.Where(s => s.Name == "tcp connect" && s.ProcessId == process)];
}

using System.Text.Json;
using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Comparisons;

/// <summary>The same work, seen by bpftrace and by the receiver at the same time.</summary>
public class BpftraceTests
{
    [Fact]
    public void Counts_of_connections_and_executions_are_equal()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        using Bpftrace bpftrace = Bpftrace.Start("""
            tracepoint:sock:inet_sock_set_state /args->newstate == 2 && args->protocol == 6/ { @connects[pid] = count(); }
            tracepoint:sched:sched_process_exec /comm == "workload"/ { @execs = count(); }
            tracepoint:sched:sched_process_exit /comm == "workload" && pid == tid/ { @exits = count(); }

            """);
        (CommandResult _, CommandResult client) = Pairs.Tcp("127.0.0.1", 300, 100, 100);
        Command.Run(Repository.Workload, ["exec", "50", "0", "compared"]).EnsureSuccess();
        IReadOnlyDictionary<string, JsonElement> maps = bpftrace.Stop();
        receiver.Stop();
        TelemetryFile telemetry = receiver.Telemetry();
        Assert.Equal(maps["@connects"].GetProperty($"{client.ProcessId}").GetInt64(),
            telemetry.Spans.Count(span => span.Name == "tcp connect" && span.ProcessId == client.ProcessId));
        Assert.Equal(maps["@execs"].GetInt64(), Events(telemetry, "process.exec"));
        Assert.Equal(maps["@exits"].GetInt64(), Events(telemetry, "process.exit"));
    }

    [Fact]
    public void Run_queue_latency_agrees_within_a_bucket()
    {
        // Under a name that nothing else on this machine has: bpftrace knows it by that alone.
        string program = Path.Combine(Repository.NewScratch(), $"ping{Environment.ProcessId}");
        File.Copy(Repository.Workload, program);
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        using Bpftrace bpftrace = Bpftrace.Start($$"""
            tracepoint:sched:sched_wakeup, tracepoint:sched:sched_wakeup_new { @queued[args->pid] = nsecs; }
            tracepoint:sched:sched_switch {
                if (args->prev_state == 0) { @queued[args->prev_pid] = nsecs; }
                $since = @queued[args->next_pid];
                if ($since) {
                    if (args->next_comm == "{{Path.GetFileName(program)}}") { @latency = hist(nsecs - $since); }
                    delete(@queued[args->next_pid]);
                }
            }
            END { clear(@queued); }

            """);
        CommandResult work = Command.Run(program, ["pingpong", "5000"]).EnsureSuccess();
        JsonElement theirs = bpftrace.Stop()["@latency"];
        receiver.Stop();
        // A collection between its execution and the event that tells of it gives the series once under the name before.
        HistogramPoint ours = receiver.Telemetry().Latest("linux.sched.run_queue.latency")
            .Where(point => point.Resource.Number("process.pid") == work.ProcessId).MaxBy(point => point.Time)!.Histogram!;
        Assert.InRange(ours.Count, Bpftrace.Count(theirs) * 0.98, Bpftrace.Count(theirs) * 1.02);
        AssertQuantiles(theirs, ours);
    }

    [Fact]
    public void Block_latency_agrees_within_a_bucket()
    {
        string disk = Path.Combine(Repository.NewScratch(), "disk");
        using (FileStream file = File.Create(disk))
            file.SetLength(Guest.ScratchDiskBytes);
        string device = Command.Run("losetup", ["--find", "--show", disk]).EnsureSuccess().Output.Trim();
        try
        {
            using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
            int minor = int.Parse(device["/dev/loop".Length..], null);
            using Bpftrace bpftrace = Bpftrace.Start($$"""
                tracepoint:block:block_rq_issue /args->dev == {{(7 << 20) | minor}}/ { @issued[args->sector] = nsecs; }
                tracepoint:block:block_rq_complete /args->dev == {{(7 << 20) | minor}} && @issued[args->sector]/ {
                    @latency = hist(nsecs - @issued[args->sector]);
                    delete(@issued[args->sector]);
                }
                END { clear(@issued); }

                """);
            Command.Run(Repository.Workload, ["block", device, "2000", "4096", "read"]).EnsureSuccess();
            JsonElement theirs = bpftrace.Stop()["@latency"];
            receiver.Stop();
            HistogramPoint ours = receiver.Telemetry().Latest("linux.block.request.duration").Single(point =>
                device.EndsWith(point.Attributes.Text("system.device") ?? "?", StringComparison.Ordinal) && point.Attributes.Text("disk.io.direction") == "read").Histogram!;
            Assert.Equal(Bpftrace.Count(theirs), ours.Count);
            AssertQuantiles(theirs, ours);
        }
        finally
        {
            Command.Run("losetup", ["--detach", device]);
        }
    }

    // Ours is an upper bound in seconds, theirs a bucket of nanoseconds; one bucket of theirs is a factor of two.
    private static void AssertQuantiles(JsonElement theirs, HistogramPoint ours)
    {
        foreach (double share in (ReadOnlySpan<double>)[0.25, 0.5, 0.75, 0.9, 0.99])
        {
            (double low, double high) = Bpftrace.Quantile(theirs, share);
            Assert.InRange(ours.Quantile(share) * 1e9, low / 2, (high + 1) * 2);
        }
    }

    private static int Events(TelemetryFile telemetry, string name) => telemetry.Logs.Count(log =>
        log.EventName == name && (log.Find("process.executable.name") as string) == "workload");
}

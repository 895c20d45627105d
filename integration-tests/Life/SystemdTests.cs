using System.Globalization;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>The unit that is published, under a real systemd: started, reloaded, watched, started again and stopped.</summary>
public class SystemdTests
{
    [Fact]
    public void A_real_systemd_starts_it_in_its_sandbox_reloads_it_and_starts_it_again_when_it_hangs()
    {
        int endpoint = FreePort.Take(), page = FreePort.Take();
        string With(string probes) => $$"""
            receiver: { endpoint: "127.0.0.1:{{endpoint}}", watchdog: { stalled_after: 2s } }
            probes: { include: [{{probes}}] }
            exporters: { prometheus: { endpoint: "127.0.0.1:{{page}}" } }
            """;
        using SystemdUnderTest systemd = SystemdUnderTest.Start(
            With("block"),
            unit => unit.Replace("WatchdogSec=30s", "WatchdogSec=10s", StringComparison.Ordinal).Replace("RestartSec=5s", "RestartSec=1s", StringComparison.Ordinal));
        CommandResult started = systemd.Control("start", "ebpf-receiver");
        Assert.True(started.ExitCode == 0, started.Error + systemd.Control("status", "ebpf-receiver").Output);
        // systemctl returned when the receiver had said that it is ready.
        Assert.Equal(("active", "1 probes run", "0"), (systemd.Show("ActiveState"), systemd.Show("StatusText"), systemd.Show("NRestarts")));
        int process = systemd.MainProcess;
        Assert.All(ProcessThreads.Lines(process, "NoNewPrivs"), value => Assert.Equal("1", value));
        Assert.All(ProcessThreads.Lines(process, "Seccomp"), mode => Assert.Equal("2", mode));
        // systemd's filter and the receiver's own.
        Assert.All(ProcessThreads.Lines(process, "Seccomp_filters"), count => Assert.InRange(int.Parse(count, CultureInfo.InvariantCulture), 2, 100));
        Assert.Contains(File.ReadLines($"/proc/{process}/mounts"), line => line.Split(' ') is [_, "/", _, var options, ..] && options.StartsWith("ro,", StringComparison.Ordinal));
        Assert.Equal("/var/lib/ebpf-receiver", new FileInfo($"/proc/{process}/cwd").LinkTarget);

        systemd.Configure(With("block, sched"));
        if (systemd.Show("Type") == "notify-reload")
            systemd.Control("reload", "ebpf-receiver").EnsureSuccess();
        else
            systemd.Control("kill", "-s", "HUP", "ebpf-receiver").EnsureSuccess();
        systemd.WaitUntil(() => systemd.Show("ActiveState") == "active" && systemd.Show("StatusText") == "2 probes run", "ready with both probes");
        Assert.Equal(process, systemd.MainProcess);

        using (HeldReader.Of(process))
        {
            systemd.WaitUntil(() => systemd.Show("NRestarts") == "1", "started again");
        }

        systemd.WaitUntil(() => systemd.Show("ActiveState") == "active" && systemd.MainProcess is var next && next > 0 && next != process, "the next one");
        systemd.Control("stop", "ebpf-receiver").EnsureSuccess();
        Assert.Equal(("inactive", "success", "0"), (systemd.Show("ActiveState"), systemd.Show("Result"), systemd.Show("ExecMainStatus")));
    }
}

using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Soak;

/// <summary>The soak of integration-tests/soak.sh in short: it takes half an hour by itself, and docs/soak.md has its result.</summary>
public class SoakTests
{
    private const int Seconds = 40;

    [Fact]
    public void Under_load_with_probes_that_come_and_go_nothing_grows_and_every_loss_is_counted()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "attaching needs root");
        string report = Path.Combine(Repository.NewScratch(), "soak.md");
        CommandResult soak = Command.Run(
            Path.Combine(Repository.Root, "integration-tests", "soak.sh"), [$"{Seconds}", report], TimeSpan.FromSeconds(Seconds + 600),
            environment: new Dictionary<string, string?> { ["EBPF_RECEIVER"] = Repository.Receiver, ["WORKLOAD"] = Repository.Workload });
        Assert.True(soak.ExitCode == 0, File.Exists(report) ? File.ReadAllText(report) : soak.Error + soak.Output);
    }
}

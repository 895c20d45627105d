using EbpfReceiver.IntegrationTests.Peers;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>The thread that reads the samples of a real receiver is held still, and nothing else is.</summary>
public class WatchdogTests
{
    private const string Watchdog = ", watchdog: { stalled_after: 2s, exit_after: 12s }";

    [Fact]
    public void A_reader_that_stands_still_is_said_everywhere_and_ends_the_process_with_its_own_exit_code()
    {
        string address = Path.Combine(Repository.NewScratch("notify"), "socket");
        using var manager = new ServiceManager(address);
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(receiver: Watchdog, environment: new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = address,
            ["WATCHDOG_USEC"] = "1000000",
        });
        receiver.WaitUntil(() => manager.Messages.Contains("WATCHDOG=1"), "alive");

        using (HeldReader.Of(receiver.Id))
        {
            receiver.WaitUntil(() => !receiver.Get("readyz").Ok, "not ready");
            receiver.WaitUntil(() => Last(manager).StartsWith("STATUS=the thread that reads the samples stands still", StringComparison.Ordinal), "told");
        }

        receiver.WaitUntil(() => receiver.Get("readyz").Ok, "ready again");
        receiver.WaitUntil(() => manager.Messages.Contains("STATUS=samples are read again"), "told that it goes on");
        receiver.WaitUntil(() => receiver.Get("metrics", "text/plain").Body.Split('\n').Any(IsOneStall), "the stall in the metrics");
        int alive = manager.Messages.Count(IsAlive);
        receiver.WaitUntil(() => manager.Messages.Count(IsAlive) > alive, "alive again");

        using (HeldReader.Of(receiver.Id))
        {
            Assert.Equal(3, receiver.WaitForExit());
        }

        // The manager heard nothing from the moment on that the stall was noticed, so that its own watchdog would have ended it as well.
        string[] last = [.. manager.Messages.SkipWhile(m => m != "STATUS=samples are read again").SkipWhile(m => !m.StartsWith("STATUS=the thread", StringComparison.Ordinal))];
        Assert.NotEmpty(last);
        Assert.DoesNotContain(last, IsAlive);
        Assert.Contains("(receiver.watchdog.exit_after): the receiver ends", receiver.Log, StringComparison.Ordinal);
    }

    private static bool IsAlive(string message) => message == "WATCHDOG=1";

    private static bool IsOneStall(string line) =>
        line.StartsWith("ebpf_receiver_reader_stalls_total{", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal);

    private static string Last(ServiceManager manager) => manager.Messages.LastOrDefault(m => !IsAlive(m)) ?? "";
}

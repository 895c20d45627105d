using System.Globalization;
using EbpfReceiver.IntegrationTests.Peers;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>What the receiver tells the service manager.</summary>
public class SupervisionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_service_manager_hears_of_its_life(bool isAbstract)
    {
        string address = isAbstract ? $"@ebpf-receiver-{Guid.NewGuid():N}" : Path.Combine(Repository.NewScratch("notify"), "socket");
        using var manager = new ServiceManager(address);
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(environment: new Dictionary<string, string?>
        {
            ["NOTIFY_SOCKET"] = address,
            ["WATCHDOG_USEC"] = "1000000",
        });
        receiver.WaitUntil(() => manager.Messages.Any(m => m.StartsWith("READY=1\nSTATUS=", StringComparison.Ordinal)), "READY=1");
        receiver.WaitUntil(() => manager.Messages.Count(m => m == "WATCHDOG=1") >= 3, "WATCHDOG=1");

        long before = Monotonic();
        receiver.Reconfigure(interval: "2s");
        receiver.WaitUntil(() => manager.Messages.Count(m => m.StartsWith("READY=1", StringComparison.Ordinal)) == 2, "READY=1 again");
        string reloading = manager.Messages.Single(m => m.StartsWith("RELOADING=1\nMONOTONIC_USEC=", StringComparison.Ordinal));
        long told = long.Parse(reloading.Split('\n')[1]["MONOTONIC_USEC=".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(told, before, Monotonic());

        Assert.Equal(0, receiver.Stop().ExitCode);
        // It is in our socket by now; another thread reads it from there.
        SpinWait.SpinUntil(() => manager.Messages.Any(m => m.StartsWith("STOPPING=1", StringComparison.Ordinal)), TimeSpan.FromMinutes(2));
        Assert.StartsWith("STOPPING=1", manager.Messages.Last(m => m != "WATCHDOG=1"), StringComparison.Ordinal);
    }

    private static long Monotonic() => System.Diagnostics.Stopwatch.GetTimestamp() / (System.Diagnostics.Stopwatch.Frequency / 1_000_000);
}

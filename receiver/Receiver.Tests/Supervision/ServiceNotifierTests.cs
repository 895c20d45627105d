using System.Globalization;
using System.Net.Sockets;
using System.Text;
using EbpfReceiver.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Tests.Supervision;

/// <summary>Against a real datagram socket.</summary>
public class ServiceNotifierTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_message_is_one_datagram_of_lines(bool isAbstract)
    {
        string name = Path.Combine(Path.GetTempPath(), $"notify-{Guid.NewGuid():N}");
        string address = isAbstract ? $"@{name}" : name;
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(isAbstract ? $"\0{name}" : name));
        using (var notifier = new ServiceNotifier(Environment(("NOTIFY_SOCKET", address)), NullLogger.Instance))
        {
            notifier.Ready("17 probes run");
            notifier.Status("all is well");
            notifier.Alive();
            notifier.Reloading();
            notifier.Stopping();
            Assert.Null(notifier.WatchdogInterval);
        }

        Assert.Equal("READY=1\nSTATUS=17 probes run", Receive(manager));
        Assert.Equal("STATUS=all is well", Receive(manager));
        Assert.Equal("WATCHDOG=1", Receive(manager));
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*\nSTATUS=", Receive(manager));
        Assert.StartsWith("STOPPING=1\n", Receive(manager), StringComparison.Ordinal);
        if (!isAbstract) File.Delete(name);
    }

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "", 30.0)]
    [InlineData("30000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void The_watchdog_interval_is_taken_when_it_is_meant_for_this_process(string? microseconds, string? process, double? seconds)
    {
        using var notifier = new ServiceNotifier(
            Environment(("NOTIFY_SOCKET", "@nobody"), ("WATCHDOG_USEC", microseconds), ("WATCHDOG_PID", process)), NullLogger.Instance);
        Assert.Equal(seconds, notifier.WatchdogInterval?.TotalSeconds);
        using var own = new ServiceNotifier(
            Environment(
                ("NOTIFY_SOCKET", "@nobody"), ("WATCHDOG_USEC", "5000000"), ("WATCHDOG_PID", System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture))),
            NullLogger.Instance);
        Assert.Equal(TimeSpan.FromSeconds(5), own.WatchdogInterval);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("relative")]
    [InlineData("@nobody listens here")]
    [InlineData("/nowhere/at/all")]
    public void Without_a_manager_nothing_fails(string? address)
    {
        using var notifier = new ServiceNotifier(Environment(("NOTIFY_SOCKET", address)), NullLogger.Instance);
        notifier.Ready("1 probe runs");
        notifier.Stopping();
        Assert.Null(notifier.WatchdogInterval);
    }

    private static Func<string, string?> Environment(params (string Name, string? Value)[] variables) =>
        name => variables.FirstOrDefault(v => v.Name == name).Value;

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[1024];
        socket.ReceiveTimeout = 10_000;
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}

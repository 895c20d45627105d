using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EbpfReceiver.Supervision;

/// <summary>
/// Tells the service manager how the service is, as sd_notify(3) does: one datagram of <c>NAME=value</c> lines to the socket that
/// <c>NOTIFY_SOCKET</c> names. Without one it tells nobody.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;
    private readonly ILogger _log;
    private int _failed;

    /// <param name="variable">Reads the environment.</param>
    /// <param name="log">The receiver's log.</param>
    public ServiceNotifier(Func<string, string?> variable, ILogger log)
    {
        _log = log;
        // A path, or a name in the abstract namespace, whose first byte is a zero and is written as @.
        if (variable("NOTIFY_SOCKET") is not { Length: > 1 } address || address[0] is not ('/' or '@')) return;
        _manager = new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        WatchdogInterval = Watchdog(variable);
    }

    /// <summary>How often the manager wants to hear that the service is alive, at the least; null if it does not.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>The service does what it is for.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The configuration is read again; <see cref="Ready"/> follows.</summary>
    public void Reloading()
    {
        // Of CLOCK_MONOTONIC, which is what the stopwatch reads: managers tell by it which request is meant.
        long microseconds = Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000);
        Send(string.Create(
            CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={microseconds}\nSTATUS=reading the configuration again"));
    }

    /// <summary>How the service is, for people.</summary>
    public void Status(string status) => Send($"STATUS={status}");

    /// <summary>The service is alive.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <summary>The service ends.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=detaching, and sending what there is");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static TimeSpan? Watchdog(Func<string, string?> variable)
    {
        string? meant = variable("WATCHDOG_PID");
        bool isMeant = string.IsNullOrEmpty(meant) || meant == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isMeant && long.TryParse(variable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private void Send(string message)
    {
        if (_socket is null) return;
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(message), _manager!);
        }
        catch (SocketException e)
        {
            if (Interlocked.Exchange(ref _failed, 1) == 0) SupervisionLog.NotNotified(_log, e.Message);
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EbpfReceiver.Benchmarks.Footprint;

/// <summary>TCP connections over loopback at a steady rate. Each gives two events: a client's span and a server's.</summary>
internal static class ConnectionLoad
{
    private const int EventsPerConnection = 2;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(10);

    /// <returns>Events made.</returns>
    public static long Run(int eventsPerSecond, TimeSpan time)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1024);
        var server = new Thread(() => Accept(listener)) { IsBackground = true };
        server.Start();

        var perSlice = (int)(eventsPerSecond * Slice.TotalSeconds / EventsPerConnection);
        var clock = Stopwatch.StartNew();
        long connections = 0;
        for (var next = Slice; clock.Elapsed < time; next += Slice)
        {
            for (var i = 0; i < perSlice; i++, connections++)
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                // Closed with a reset, so that no port stays in TIME_WAIT.
                socket.LingerState = new(true, 0);
                socket.Connect(listener.LocalEndPoint!);
            }

            if (next - clock.Elapsed is { Ticks: > 0 } rest)
                Thread.Sleep(rest);
        }

        return connections * EventsPerConnection;
    }

    private static void Accept(Socket listener)
    {
        try
        {
            while (true)
                listener.Accept().Dispose();
        }
        catch (SocketException)
        {
            // The listener was closed: the load is over.
        }
        catch (ObjectDisposedException)
        {
            // Likewise.
        }
    }
}

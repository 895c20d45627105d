using System.Net;
using System.Net.Sockets;

namespace EbpfReceiver.Otlp.Tests;

/// <summary>
/// Ports of the loopback on which nobody listens until a server of the test does. A socket stays bound to each for as long as the tests
/// run, so that neither another test nor a connection is given it meanwhile. Linux lets others bind and listen where the first
/// one does not listen and all have SO_REUSEADDR (socket(7)), as listeners of .NET have.
/// </summary>
internal static class ReservedPort
{
    private static readonly List<Socket> s_held = [];

    /// <summary>A port that is connected to in vain.</summary>
    public static int Take()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        lock (s_held)
            s_held.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

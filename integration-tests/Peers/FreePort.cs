using System.Net;
using System.Net.Sockets;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>
/// Ports of the loopback on which nobody listens until a program of the test does. A socket stays bound to each for as long as the tests run,
/// so that no other program and no connection is given it meanwhile. Linux lets others bind and listen where the first one does not
/// listen and all have SO_REUSEADDR (socket(7)), as servers have.
/// </summary>
internal static class FreePort
{
    private static readonly List<Socket> s_held = [];

    /// <summary>Whether something listens on a port of the loopback.</summary>
    public static bool IsTaken(int port)
    {
        using TcpClient client = new();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false; // refused: nobody does
        }
    }

    public static int Take()
    {
        // .NET sets SO_REUSEADDR when it binds.
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        lock (s_held) s_held.Add(socket);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

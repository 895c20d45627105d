using System.Net;
using System.Net.Sockets;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>A port of the loopback that was free a moment ago.</summary>
internal static class FreePort
{
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
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Net.Sockets;

namespace EbpfReceiver.Services;

/// <summary>The file of a unix socket outlives a process that was killed, and then stands in the way of the next one.</summary>
internal static class StaleSocket
{
    /// <summary>Deletes the file if no one listens there any more; one in use is left, and binding to it fails.</summary>
    public static void Remove(string path)
    {
        if (!File.Exists(path)) return;
        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Not ours to judge, such as one we may not connect to: binding says what is wrong.
        }
    }
}

using System.Net.Sockets;
using System.Text;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>The socket of a service manager, and the datagrams that a service has sent to it, by sd_notify(3).</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _messages = [];
    private readonly Thread _reader;

    /// <param name="address">As NOTIFY_SOCKET has it: a path, or a name in the abstract namespace after an @.</param>
    public ServiceManager(string address)
    {
        Address = address;
        _socket.Bind(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public string Address { get; }

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages) return [.. _messages];
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Read()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int length = _socket.Receive(buffer);
                lock (_messages) _messages.Add(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}

using System.Net;
using System.Net.Sockets;
using EbpfReceiver.Identity;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Tests.Services;

public class PeerCredentialsTests
{
    [Fact]
    public async Task The_kernel_says_who_is_at_the_other_end_of_a_unix_socket()
    {
        string path = Path.Combine(Path.GetTempPath(), $"ebpf-receiver-{Guid.NewGuid():N}.sock");
        try
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(path), TestContext.Current.CancellationToken);
            using Socket accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
            PeerCredentials credentials = PeerCredentials.Of(accepted)!;
            Assert.Equal(Environment.ProcessId, credentials.Pid);
            Assert.Equal(NumbersOf("Uid:")[1], credentials.Uid);
            Assert.Equal(NumbersOf("Gid:")[1], credentials.Gid);
            Assert.Equal(NumbersOf("Groups:").Order(), credentials.Groups.Order());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_kernel_says_whose_a_connection_over_loopback_is()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port, TestContext.Current.CancellationToken);
        using TcpClient accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var (peer, own) = ((IPEndPoint)accepted.Client.RemoteEndPoint!, (IPEndPoint)accepted.Client.LocalEndPoint!);
        var identity = new PeerIdentity(new ProcFiles(), null!);
        Assert.Equal(OwnUser.Id, identity.UserOf(peer, own));
        Assert.Null(identity.UserOf(peer, new IPEndPoint(own.Address, own.Port ^ 1)));
        // Once its process has let go of it the kernel no longer says whose it was.
        client.Close();
        Assert.Null(identity.UserOf(peer, own));
    }

    private static uint[] NumbersOf(string field) =>
        [.. File.ReadLines("/proc/self/status").Single(l => l.StartsWith(field, StringComparison.Ordinal))[field.Length..]
            .Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EbpfReceiver.Otlp.Tests.Faults;

/// <summary>A port that leads to another one, by connections that can be made to misbehave.</summary>
internal sealed class FaultyNetwork : IAsyncDisposable
{
    private readonly int _to;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private int _accepted;
    private int _epoch;

    public FaultyNetwork(int to)
    {
        _to = to;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections that were made.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections are reset once they have carried this many bytes from the client.</summary>
    public long ResetAfter { get; set; } = long.MaxValue;

    /// <summary>New connections are accepted, and lead nowhere.</summary>
    public bool Hangs { get; set; }

    /// <summary>New connections are told to go away with this error code of HTTP/2 (RFC 9113, section 7) at the first request.</summary>
    public byte? GoAway { get; set; }

    /// <summary>Bytes at a time from the client, with ten milliseconds between.</summary>
    public int Slowness { get; set; } = 64 * 1024;

    /// <summary>Takes what comes from clients; null for nobody.</summary>
    public Action<ReadOnlyMemory<byte>>? OnRequestBytes { get; set; }

    /// <summary>From now on the connections there are carry nothing any more, and are not closed; new ones work.</summary>
    public void LosePeer() => Interlocked.Increment(ref _epoch);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(CarryAsync(client, Volatile.Read(ref _epoch), Hangs));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task CarryAsync(Socket client, int epoch, bool hangs)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            try
            {
                if (hangs)
                    await Task.Delay(Timeout.Infinite, _end.Token);
                if (GoAway is { } code)
                {
                    await SendAwayAsync(client, code, _end.Token);
                    return;
                }
                await server.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                await Task.WhenAny(PumpAsync(client, server, epoch, true, both.Token), PumpAsync(server, client, epoch, false, both.Token));
                await both.CancelAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
            }
        }
    }

    /// <summary>SETTINGS and, once the client has sent a request, GOAWAY with no stream that was or will be handled (RFC 9113, 6.5 and 6.8).</summary>
    private static async Task SendAwayAsync(Socket client, byte code, CancellationToken end)
    {
        const int preface = 24, header = 9, headers = 1;
        await client.SendAsync((byte[])[0, 0, 0, 4, 0, 0, 0, 0, 0], end);
        var received = new List<byte>();
        byte[] buffer = new byte[4096];
        while (!HasFrame(received, headers))
        {
            int read = await client.ReceiveAsync(buffer, end);
            if (read == 0)
                return;
            received.AddRange(buffer.AsSpan(0, read));
        }
        await client.SendAsync((byte[])[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, code], end);
        // Until the client closes.
        while (await client.ReceiveAsync(buffer, end) > 0)
        {
        }

        static bool HasFrame(List<byte> bytes, int type)
        {
            for (int at = preface; at + header <= bytes.Count; at += header + (bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2]))
            {
                if (bytes[at + 3] == type)
                    return true;
            }
            return false;
        }
    }

    private async Task PumpAsync(Socket from, Socket to, int epoch, bool isRequest, CancellationToken end)
    {
        byte[] buffer = new byte[64 * 1024];
        long carried = 0;
        try
        {
            while (true)
            {
                int room = isRequest ? Math.Min(buffer.Length, Slowness) : buffer.Length;
                int read = await from.ReceiveAsync(buffer.AsMemory(0, room), end);
                if (epoch != Volatile.Read(ref _epoch))
                    await Task.Delay(Timeout.Infinite, end);
                if (read == 0)
                    return;
                carried += read;
                if (isRequest)
                    OnRequestBytes?.Invoke(buffer.AsMemory(0, read));
                if (isRequest && carried > ResetAfter)
                {
                    // Closing with a linger of zero is a RST (tcp(7), socket(7)).
                    from.LingerState = new LingerOption(true, 0);
                    to.LingerState = new LingerOption(true, 0);
                    return;
                }
                if (isRequest && Slowness < buffer.Length)
                    await Task.Delay(10, end);
                for (int sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }
}

using System.Net;
using EbpfReceiver.Services.Listeners;
using Microsoft.AspNetCore.Http;

namespace EbpfReceiver.Tests.Services;

public class SenderLookupTests
{
    [Fact]
    public void The_process_of_a_connection_is_asked_for_once_a_second_and_not_with_each_request()
    {
        var peers = new StubPeers();
        var time = new ManualTime();
        var senders = new SenderLookup(peers, time);
        HttpContext first = Request(new ListenerConnection(ListenerRole.Services, null), port: 1), second = Request(new ListenerConnection(ListenerRole.Services, null), port: 2);
        byte[] attributes = senders.Of(first).ToArray();
        Assert.NotEmpty(attributes);
        for (int i = 0; i < 9; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal(attributes, senders.Of(first).ToArray());
        }

        Assert.Equal([1], peers.Asked.Select(p => p.Port));
        Assert.Equal(attributes, senders.Of(second).ToArray());
        time.Advance(TimeSpan.FromMilliseconds(100));
        senders.Of(first);
        Assert.Equal([1, 1, 2], peers.Asked.Select(p => p.Port).Order());
    }

    private static DefaultHttpContext Request(ListenerConnection connection, int port)
    {
        var context = new DefaultHttpContext();
        context.Features.Set(connection);
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Connection.RemotePort = port;
        return context;
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}

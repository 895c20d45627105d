using System.Collections.Concurrent;
using System.Net;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Tests.Services;

/// <summary>Says that every peer is one process, and remembers who was asked for.</summary>
internal sealed class StubPeers : IPeerIdentity
{
    private readonly EncodedResource _resource;
    private readonly PeerIdentity _real = new(new ProcFiles(), null!);

    public StubPeers()
    {
        using var encoder = new ResourceEncoder();
        _resource = encoder.Add("service.name", "from-the-kernel").Add("process.pid", 4711).Build();
    }

    public ConcurrentBag<IPEndPoint> Asked { get; } = [];

    public ReadOnlyMemory<byte> ResourceAttributesOf(IPEndPoint peer)
    {
        Asked.Add(peer);
        return _resource.Bytes;
    }

    /// <summary>What <see cref="UserOf"/> says; the greatest number: what the kernel does.</summary>
    public uint? User { get; set; } = uint.MaxValue;

    public ConcurrentBag<int> AskedPids { get; } = [];

    public ReadOnlyMemory<byte> ResourceAttributesOf(int pid)
    {
        AskedPids.Add(pid);
        return _resource.Bytes;
    }

    /// <summary>The kernel's own table says who it is, but where a test wants somebody else.</summary>
    public uint? UserOf(IPEndPoint peer, IPEndPoint own) => User is uint.MaxValue ? _real.UserOf(peer, own) : User;
}

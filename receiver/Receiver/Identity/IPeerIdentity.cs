using System.Net;

namespace EbpfReceiver.Identity;

/// <summary>Tells which process of this machine is at the other end of a connection.</summary>
public interface IPeerIdentity
{
    /// <summary>
    /// The resource attributes of the process that owns the local TCP endpoint <paramref name="peer"/>, encoded as the body of an OTLP
    /// Resource message; empty if the peer is on another machine or its process is not known.
    /// </summary>
    ReadOnlyMemory<byte> ResourceAttributesOf(IPEndPoint peer);

    /// <summary>As the other, of a process whose id is known; empty if there is no such process.</summary>
    ReadOnlyMemory<byte> ResourceAttributesOf(int pid);

    /// <summary>
    /// The user whose socket is connected from the local TCP endpoint <paramref name="peer"/> to <paramref name="own"/> now; null if the
    /// peer is on another machine, in another network namespace, or closing.
    /// </summary>
    uint? UserOf(IPEndPoint peer, IPEndPoint own);
}

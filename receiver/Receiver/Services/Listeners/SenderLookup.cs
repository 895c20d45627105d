using System.Net;
using EbpfReceiver.Identity;

namespace EbpfReceiver.Services.Listeners;

/// <summary>Finds the process that sends a request.</summary>
/// <param name="peers">What is known of processes.</param>
internal sealed class SenderLookup(IPeerIdentity peers)
{
    /// <summary>The resource attributes of the process, as the body of a Resource message; empty if it is not on this machine.</summary>
    public ReadOnlyMemory<byte> Of(HttpContext context)
    {
        if (context.Features.Get<ListenerConnection>()?.Credentials is { } credentials)
            return credentials.Pid > 0 ? peers.ResourceAttributesOf(credentials.Pid) : default;
        ConnectionInfo connection = context.Connection;
        return connection.RemoteIpAddress is { } address
            ? peers.ResourceAttributesOf(new IPEndPoint(address, connection.RemotePort))
            : default;
    }
}

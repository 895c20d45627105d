using System.Net;
using EbpfReceiver.Identity;

namespace EbpfReceiver.Services.Listeners;

/// <summary>Finds the process that sends a request.</summary>
/// <param name="peers">What is known of processes.</param>
/// <param name="time">The clock.</param>
internal sealed class SenderLookup(IPeerIdentity peers, TimeProvider time)
{
    /// <summary>
    /// A connection keeps its process, but that may become another program, or only then be known. Asking reads a file of procfs, which for small
    /// requests is a tenth of their cost.
    /// </summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    /// <summary>The resource attributes of the process, as the body of a Resource message; empty if it is not on this machine.</summary>
    public ReadOnlyMemory<byte> Of(HttpContext context)
    {
        ListenerConnection? connection = context.Features.Get<ListenerConnection>();
        if (connection?.Sender is { } known && time.GetElapsedTime(known.FoundAt) < s_fresh) return known.Attributes;
        ReadOnlyMemory<byte> attributes = Find(context.Connection, connection?.Credentials);
        connection?.Sender = new KnownSender(attributes, time.GetTimestamp());
        return attributes;
    }

    private ReadOnlyMemory<byte> Find(ConnectionInfo connection, PeerCredentials? credentials)
    {
        if (credentials is not null) return credentials.Pid > 0 ? peers.ResourceAttributesOf(credentials.Pid) : default;
        return connection.RemoteIpAddress is { } address
            ? peers.ResourceAttributesOf(new IPEndPoint(address, connection.RemotePort))
            : default;
    }
}

using EbpfReceiver.Configuration;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EbpfReceiver.Services.Listeners;

/// <summary>
/// Stands at one listener: lets connections in while there are not too many, and over a unix socket only those of users that may. What it
/// does not let in is closed without a word, before TLS and HTTP cost anything.
/// </summary>
/// <param name="role">What the listener is for.</param>
/// <param name="maximum">Connections at a time.</param>
/// <param name="peers">Who may connect to a unix socket.</param>
/// <param name="statistics">Counts those that were refused.</param>
internal sealed class ConnectionGate(ListenerRole role, int maximum, PeersConfiguration peers, EndpointStatistics statistics)
{
    private int _open;

    /// <summary>Handles a connection from its beginning to its end.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _open) > maximum)
        {
            Interlocked.Decrement(ref _open);
            statistics.CountRefused(RefusalCause.Connections);
            return;
        }

        statistics.CountConnection(1);
        try
        {
            PeerCredentials? credentials =
                connection.Features.Get<IConnectionSocketFeature>() is { } feature ? PeerCredentials.Of(feature.Socket) : null;
            if (credentials is not null && !Allows(credentials))
            {
                statistics.CountRefused(RefusalCause.Forbidden);
                return;
            }

            connection.Features.Set(new ListenerConnection(role, credentials));
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            statistics.CountConnection(-1);
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>With no users named, the mode of the socket's file decides, which the kernel has looked at by now.</summary>
    private bool Allows(PeerCredentials credentials) =>
        peers.IsEmpty
        || credentials.Uid is 0
        || credentials.Uid == OwnUser.Id
        || peers.Uids.Contains(credentials.Uid)
        || peers.Gids.Contains(credentials.Gid)
        || credentials.Groups.Any(peers.Gids.Contains);
}

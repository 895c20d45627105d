using System.Net;
using EbpfReceiver.Configuration;
using EbpfReceiver.Identity;
using EbpfReceiver.Services.Listeners;
using Grpc.Core;

namespace EbpfReceiver.Services.Access;

/// <summary>
/// The right to change what the receiver does: a control token, or a process of root's or of the receiver's own user on this machine. A
/// user is known by the credentials of a unix socket, and over loopback by the kernel's table of sockets.
/// </summary>
/// <param name="configuration">Who has it.</param>
/// <param name="tokens">The control tokens.</param>
/// <param name="peers">Says whose a socket is.</param>
/// <param name="statistics">Counts refusals.</param>
internal sealed class ControlRight(ControlAllowance configuration, BearerTokens tokens, IPeerIdentity peers, EndpointStatistics statistics)
{
    /// <summary>Lets a call pass.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED: it has not the right; the message says who has.</exception>
    public void Demand(HttpContext context)
    {
        if (configuration == ControlAllowance.Anyone || (!tokens.IsEmpty && tokens.Has(context.Request))) return;
        if (configuration == ControlAllowance.Owner && UserOf(context) is { } uid && (uid == 0 || uid == OwnUser.Id)) return;
        statistics.CountRefused(RefusalCause.Forbidden);
        string owner = configuration == ControlAllowance.Owner
            ? "Only processes on this machine that run as root or as the receiver's own user may change what it does. Call as one of them"
            : "Nobody may change what the receiver does without a token for it. Call with one";
        string token = tokens.IsEmpty ? ", or set receiver.control.token_file" : ", with a token of receiver.control (--token-file)";
        throw new RpcException(new Status(StatusCode.PermissionDenied, $"{owner}{token}."));
    }

    private uint? UserOf(HttpContext context)
    {
        if (context.Features.Get<ListenerConnection>()?.Credentials is { } credentials) return credentials.Uid;
        ConnectionInfo connection = context.Connection;
        return connection.RemoteIpAddress is { } remote && connection.LocalIpAddress is { } local
            ? peers.UserOf(new IPEndPoint(remote, connection.RemotePort), new IPEndPoint(local, connection.LocalPort))
            : null;
    }
}

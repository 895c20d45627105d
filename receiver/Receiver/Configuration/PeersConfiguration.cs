namespace EbpfReceiver.Configuration;

/// <summary>
/// Key <c>receiver.peers</c>: whose processes may connect to a unix socket, besides root's and the receiver's own user's.
/// </summary>
public sealed record PeersConfiguration
{
    /// <summary>User ids.</summary>
    public IReadOnlyList<uint> Uids { get; init; } = [];

    /// <summary>Group ids; the process's own or one of its supplementary groups.</summary>
    public IReadOnlyList<uint> Gids { get; init; } = [];

    /// <summary>Whether there is a restriction at all beyond the mode of the socket's file.</summary>
    public bool IsEmpty => Uids.Count == 0 && Gids.Count == 0;
}

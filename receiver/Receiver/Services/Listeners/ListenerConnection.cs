namespace EbpfReceiver.Services.Listeners;

/// <summary>What requests need to know of the connection they come by; a feature of it.</summary>
/// <param name="Role">What its listener is for.</param>
/// <param name="Credentials">Who is at the other end, if that is a unix socket.</param>
internal sealed record ListenerConnection(ListenerRole Role, PeerCredentials? Credentials)
{
    private KnownSender? _sender;

    /// <summary>What was found out last about the process at the other end; null before. Requests of one connection come side by side.</summary>
    public KnownSender? Sender
    {
        get => Volatile.Read(ref _sender);
        set => Volatile.Write(ref _sender, value);
    }
}

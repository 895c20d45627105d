namespace EbpfReceiver.Services.Listeners;

/// <summary>What was found out about the process at the other end of a connection.</summary>
/// <param name="Attributes">Its resource attributes, as the body of a Resource message; empty if it is not on this machine.</param>
/// <param name="FoundAt">When; a timestamp of the clock.</param>
internal sealed record KnownSender(ReadOnlyMemory<byte> Attributes, long FoundAt);

namespace EbpfReceiver.Configuration;

/// <summary>Who may change what the receiver does, without a token for it.</summary>
public enum ControlAllowance
{
    /// <summary>Processes on this machine that run as root or as the receiver's own user.</summary>
    Owner,

    /// <summary>Nobody.</summary>
    Nobody,

    /// <summary>Whoever may use the endpoint.</summary>
    Anyone,
}

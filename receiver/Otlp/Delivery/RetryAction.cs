namespace EbpfReceiver.Otlp;

/// <summary>What to do with a batch after an attempt.</summary>
internal enum RetryAction : byte
{
    /// <summary>It arrived.</summary>
    Delivered,

    /// <summary>Try again after the delay.</summary>
    Retry,

    /// <summary>The other side has said for how long it wants to be left alone: nothing is sent to it before the delay is over.</summary>
    Throttle,

    /// <summary>It is too large for the other side: send it in two parts, and drop it when it is one item.</summary>
    Split,

    /// <summary>Give it up for the cause.</summary>
    Drop,
}

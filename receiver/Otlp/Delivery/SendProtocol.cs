namespace EbpfReceiver.Otlp;

/// <summary>What the code of a <see cref="SendOutcome"/> means.</summary>
internal enum SendProtocol : byte
{
    /// <summary>There was no answer: not connected, connection lost, or the deadline passed.</summary>
    NoAnswer,

    /// <summary>A gRPC status code.</summary>
    Grpc,

    /// <summary>An HTTP status code.</summary>
    Http,
}

namespace EbpfReceiver.Otlp;

/// <summary>A token that each request has in its <c>authorization</c> header.</summary>
public sealed record OtlpAuthOptions
{
    /// <summary>The word before the token.</summary>
    public string Scheme { get; init; } = "Bearer";

    /// <summary>The token itself; null when it is in <see cref="TokenFile"/>.</summary>
    public string? Token { get; init; }

    /// <summary>A file with the token, read again every second that something is sent: it may be exchanged at any time.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Without the token: it is a secret.</summary>
    public override string ToString() => $"{Scheme} {(TokenFile is null ? "(a token)" : TokenFile)}";
}

using System.Net.Security;

namespace EbpfReceiver.Cli;

/// <summary>What a client of a running receiver shows and whom it trusts.</summary>
/// <param name="Token">A bearer token; null: none.</param>
/// <param name="Tls">How TLS is spoken; null: it is not, but with an https URL by the system's own rules.</param>
internal sealed record ClientCredentials(string? Token, SslClientAuthenticationOptions? Tls)
{
    /// <summary>Without the token: a record is easily printed.</summary>
    public override string ToString() => Token is null ? "no token" : "a token";
}

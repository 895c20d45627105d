using EbpfReceiver.Aggregates;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Probes.Tls;

/// <summary>What goes through OpenSSL.</summary>
/// <param name="settings">What the configuration says.</param>
/// <param name="aggregate">Its metrics.</param>
internal sealed class TlsProbe(TlsProbeSettings settings, TlsProcessAggregate aggregate) : Probe
{
    /// <inheritdoc/>
    public override string Name => "tls";

    /// <inheritdoc/>
    public override string Description => "TLS through OpenSSL's libssl: bytes by process, handshakes and errors; never the data.";

    /// <summary>The _ex forms came with OpenSSL 1.1.1.</summary>
    public override IReadOnlyList<string> OptionalHooks => ["read_ex", "write_ex", "error"];

    /// <inheritdoc/>
    public override IReadOnlyList<MapAggregate> Aggregates { get; } = [aggregate];

    /// <inheritdoc/>
    public override LibraryFiles Libraries { get; } = new(IsLibssl, ["libssl.so.*", "libssl-*.so*"], settings.Libraries);

    /// <summary><c>libssl.so.3</c>, and copies with a hash in the name that language packages bring along.</summary>
    internal static bool IsLibssl(string name) =>
        name.StartsWith("libssl.so", StringComparison.Ordinal)
        || (name.StartsWith("libssl-", StringComparison.Ordinal) && name.Contains(".so", StringComparison.Ordinal));
}

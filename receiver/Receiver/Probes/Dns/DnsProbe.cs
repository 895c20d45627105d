using EbpfReceiver.Aggregates;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Probes.Dns;

/// <summary>Name lookups through the C library.</summary>
/// <param name="settings">What the configuration says.</param>
/// <param name="durations">Its metric.</param>
internal sealed class DnsProbe(DnsProbeSettings settings, DnsLookupDurations durations) : Probe
{
    /// <inheritdoc/>
    public override string Name => "dns";

    /// <inheritdoc/>
    public override string Description => "Name lookups through getaddrinfo and gethostbyname of the C library: what was asked, how long it took, how it failed.";

    /// <summary>musl has no gethostbyname2_r under every name, and new programs only call getaddrinfo.</summary>
    public override IReadOnlyList<string> OptionalHooks => ["gethostbyname", "gethostbyname2", "gethostbyname_r", "gethostbyname2_r"];

    /// <inheritdoc/>
    public override LibraryFiles Libraries { get; } =
        new(IsLibc, ["libc.so.6", "libc-2.*.so", "ld-musl-*.so.1"], settings.Libraries);

    /// <inheritdoc/>
    public override void OnAttached(AttachedProbe attached, ulong monotonic, ulong unix) => durations.Attach(unix);

    /// <inheritdoc/>
    public override void Write(Collection collection) => durations.Collect(collection);

    /// <summary>glibc, also under the name it had before 2.34, and musl, whose loader is the library.</summary>
    internal static bool IsLibc(string name) =>
        name is "libc.so.6"
        || (name.StartsWith("libc-2.", StringComparison.Ordinal) && name.EndsWith(".so", StringComparison.Ordinal))
        || name.StartsWith("ld-musl-", StringComparison.Ordinal)
        || name.StartsWith("libc.musl-", StringComparison.Ordinal);
}

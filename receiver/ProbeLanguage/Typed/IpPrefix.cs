namespace EbpfReceiver.ProbeLanguage;

/// <summary>A range of addresses in CIDR notation.</summary>
/// <param name="Network">The address as a big-endian number: of IPv4 in the lower 32 bits.</param>
/// <param name="Length">Leading bits that count: to 32 for IPv4, to 128 for IPv6.</param>
public readonly record struct IpPrefix(UInt128 Network, int Length);

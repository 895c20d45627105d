using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A key of a trie (<see cref="BpfMapType.LpmTrie"/>), which finds the longest prefix that fits: struct bpf_lpm_trie_key. To look an
/// address up, give it with all of its bits.
/// </summary>
/// <typeparam name="TAddress">What is compared, most significant byte first: for example the 4 bytes of an IPv4 address.</typeparam>
/// <param name="prefixLength">Bits that count, from the first on.</param>
/// <param name="address">The bytes.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly struct LpmKey<TAddress>(uint prefixLength, TAddress address)
    where TAddress : unmanaged
{
    /// <summary>Bits that count, from the first on.</summary>
    public readonly uint PrefixLength = prefixLength;

    /// <summary>The bytes, most significant first.</summary>
    public readonly TAddress Address = address;
}

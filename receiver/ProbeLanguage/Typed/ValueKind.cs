namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a value of the language is.</summary>
public enum ValueKind
{
    /// <summary>An integer of 1, 2, 4 or 8 bytes; also times, enumerators and addresses.</summary>
    Integer,

    /// <summary>0 or 1, in one byte.</summary>
    Boolean,

    /// <summary>Bytes up to the first NUL, in a field of fixed size whose rest is zeros.</summary>
    Text,

    /// <summary>An IPv4 address: four bytes in network order.</summary>
    Ip4,

    /// <summary>An IPv6 address: sixteen bytes in network order.</summary>
    Ip6,
}

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a <see cref="DecodedValue"/> is.</summary>
public enum DecodedKind : byte
{
    /// <summary>Nothing: the attribute is left out.</summary>
    None,

    /// <summary>A number that may be negative.</summary>
    Signed,

    /// <summary>A number that is not negative.</summary>
    Unsigned,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Bytes as the kernel had them.</summary>
    Bytes,

    /// <summary>Text.</summary>
    Text,
}

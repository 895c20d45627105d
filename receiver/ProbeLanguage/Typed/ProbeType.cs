namespace EbpfReceiver.ProbeLanguage;

/// <summary>The type of a value: how many bytes it has and what they mean.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes it takes in a map key, in a sample and in memory.</param>
/// <param name="IsSigned">For integers: two's complement.</param>
public readonly record struct ProbeType(ValueKind Kind, int Size, bool IsSigned = false)
{
    /// <summary>The longest string: what a sample and the scratch memory of a program have room for.</summary>
    public const int LongestText = 256;

    /// <summary>Unsigned, 8 bits.</summary>
    public static readonly ProbeType U8 = Integer(1, false);

    /// <summary>Unsigned, 16 bits.</summary>
    public static readonly ProbeType U16 = Integer(2, false);

    /// <summary>Unsigned, 32 bits.</summary>
    public static readonly ProbeType U32 = Integer(4, false);

    /// <summary>Unsigned, 64 bits.</summary>
    public static readonly ProbeType U64 = Integer(8, false);

    /// <summary>Signed, 8 bits.</summary>
    public static readonly ProbeType I8 = Integer(1, true);

    /// <summary>Signed, 16 bits.</summary>
    public static readonly ProbeType I16 = Integer(2, true);

    /// <summary>Signed, 32 bits.</summary>
    public static readonly ProbeType I32 = Integer(4, true);

    /// <summary>Signed, 64 bits.</summary>
    public static readonly ProbeType I64 = Integer(8, true);

    /// <summary>True or false.</summary>
    public static readonly ProbeType Boolean = new(ValueKind.Boolean, 1);

    /// <summary>An IPv4 address.</summary>
    public static readonly ProbeType Ip4 = new(ValueKind.Ip4, 4);

    /// <summary>An IPv6 address.</summary>
    public static readonly ProbeType Ip6 = new(ValueKind.Ip6, 16);

    /// <summary>An integer.</summary>
    /// <param name="size">1, 2, 4 or 8.</param>
    /// <param name="signed">Two's complement.</param>
    public static ProbeType Integer(int size, bool signed) => new(ValueKind.Integer, size, signed);

    /// <summary>A string in a field of so many bytes, at most <see cref="LongestText"/>, the terminator among them.</summary>
    public static ProbeType Text(int size) => new(ValueKind.Text, size);

    /// <summary>Whether a register holds it; the others are in memory.</summary>
    public bool IsScalar => Kind is ValueKind.Integer or ValueKind.Boolean or ValueKind.Ip4;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ValueKind.Integer => $"{(IsSigned ? 'i' : 'u')}{Size * 8}",
        ValueKind.Boolean => "bool",
        ValueKind.Text => $"string({Size})",
        ValueKind.Ip4 => "ip4",
        _ => "ip6",
    };
}

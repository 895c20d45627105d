using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>A member of a struct or union.</summary>
public readonly struct BtfMember
{
    private readonly BtfTypes _types;
    private readonly uint _name;

    internal BtfMember(BtfTypes types, uint name, uint typeId, uint bitOffset, uint bitFieldSize)
    {
        _types = types;
        _name = name;
        TypeId = typeId;
        BitOffset = bitOffset;
        BitFieldSize = bitFieldSize;
    }

    /// <summary>Type of the member.</summary>
    public uint TypeId { get; }

    /// <summary>Offset in the struct, in bits.</summary>
    public uint BitOffset { get; }

    /// <summary>Bits of a bit field; 0 for other members.</summary>
    public uint BitFieldSize { get; }

    /// <summary>Name in UTF-8; empty for an anonymous struct or union, whose members count as the outer one's.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _types.StringAt(_name);

    /// <summary>Name; empty if anonymous.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);
}

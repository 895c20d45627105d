using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>One type of a <see cref="BtfTypes"/>: a view of its bytes, made on demand.</summary>
/// <remarks>Source of the layout: struct btf_type, include/uapi/linux/btf.h.</remarks>
public readonly struct BtfType
{
    private readonly BtfTypes _types;
    private readonly int _offset;
    private readonly uint _info;

    internal BtfType(BtfTypes types, uint id, int offset)
    {
        _types = types;
        _offset = offset;
        Id = id;
        // Type id 0 is void and has no bytes.
        _info = offset < 0 ? 0 : types.ReadUInt32(offset + 4);
    }

    /// <summary>Id of the type in its <see cref="BtfTypes"/>.</summary>
    public uint Id { get; }

    /// <summary>Kind of the type.</summary>
    public BtfKind Kind => (BtfKind)((_info >> 24) & 0x1f);

    /// <summary>Number of members, enumerators, parameters or variables.</summary>
    public int Count => (int)(_info & 0xffff);

    /// <summary>Structs: members carry bit-field sizes. Enums: values are signed. Forwards: a union.</summary>
    public bool KindFlag => _info >> 31 != 0;

    /// <summary>Bytes of an int, float, enum, struct, union or data section.</summary>
    public uint Size => _offset < 0 ? 0 : _types.ReadUInt32(_offset + 8);

    /// <summary>The type that a pointer, typedef, modifier, function, variable or tag refers to; the result of a prototype.</summary>
    public uint TargetId => Size;

    /// <summary>Name in UTF-8, without a terminator; empty if the type is anonymous.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _offset < 0 ? default : _types.StringAt(_types.ReadUInt32(_offset));

    /// <summary>Name; empty if the type is anonymous.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);

    /// <summary>True for structs and unions.</summary>
    public bool IsComposite => Kind is BtfKind.Struct or BtfKind.Union;

    /// <summary>True for enums of either width.</summary>
    public bool IsEnum => Kind is BtfKind.Enum or BtfKind.Enum64;

    /// <summary>True for const, volatile, restrict, typedef and type tags: what stands before the type proper.</summary>
    public bool IsModifier => Kind is BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag;

    /// <summary>Encoding of an int.</summary>
    public BtfInteger Integer => new(Extra(0));

    /// <summary>Element type and count of an array.</summary>
    public BtfArray Array => new(Extra(0), Extra(4), Extra(8));

    /// <summary>Linkage of a variable (0 static, 1 global, 2 extern).</summary>
    public uint VariableLinkage => Extra(0);

    /// <summary>Linkage of a function (0 static, 1 global, 2 extern).</summary>
    public int FunctionLinkage => Count;

    /// <summary>Which member or parameter a declaration tag is on; -1 for the declaration itself.</summary>
    public int TagComponent => (int)Extra(0);

    /// <summary>A member of a struct or union.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public BtfMember Member(int index)
    {
        var at = Element(index, 12);
        var offset = _types.ReadUInt32(at + 8);
        return KindFlag
            ? new(_types, _types.ReadUInt32(at), _types.ReadUInt32(at + 4), offset & 0xffffff, offset >> 24)
            : new(_types, _types.ReadUInt32(at), _types.ReadUInt32(at + 4), offset, 0);
    }

    /// <summary>An enumerator of an enum of either width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public BtfEnumerator Enumerator(int index)
    {
        if (Kind == BtfKind.Enum64)
        {
            var wide = Element(index, 12);
            return new(_types, _types.ReadUInt32(wide), _types.ReadUInt32(wide + 4) | ((long)_types.ReadUInt32(wide + 8) << 32));
        }
        var at = Element(index, 8);
        return new(_types, _types.ReadUInt32(at), (int)_types.ReadUInt32(at + 4));
    }

    /// <summary>A parameter of a function prototype.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public BtfParameter Parameter(int index)
    {
        var at = Element(index, 8);
        return new(_types, _types.ReadUInt32(at), _types.ReadUInt32(at + 4));
    }

    /// <summary>A variable of a data section.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below <see cref="Count"/>.</exception>
    public BtfSectionVariable Variable(int index)
    {
        var at = Element(index, 12);
        return new(_types.ReadUInt32(at), _types.ReadUInt32(at + 4), _types.ReadUInt32(at + 8));
    }

    /// <inheritdoc/>
    public override string ToString() => BtfNaming.Describe(_types, Id);

    internal int Offset => _offset;

    private uint Extra(int at) => _offset < 0 ? 0 : _types.ReadUInt32(_offset + 12 + at);

    private int Element(int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _offset + 12 + (index * size);
    }
}

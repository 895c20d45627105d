namespace EbpfReceiver.Bpf;

/// <summary>What one set of types says about the subject of a relocation.</summary>
/// <param name="Value">The value that goes into the instruction.</param>
/// <param name="AccessSize">For a byte offset: bytes a load or store of the field takes; else 0.</param>
/// <param name="FieldTypeId">For a byte offset: type of the field; else 0.</param>
/// <param name="IsExact">
/// False where compilers may have chosen another value than this computation would (bit fields, type ids): then the
/// instruction's old value is not compared with it.
/// </param>
internal readonly record struct FieldFacts(ulong Value, uint AccessSize, uint FieldTypeId, bool IsExact)
{
    /// <summary>Computes the value of a relocation for a path that the types have.</summary>
    /// <exception cref="BpfFormatException">The relocation makes no sense for what the path leads to.</exception>
    internal static FieldFacts Of(AccessPath path, CoreRelocationKind kind, bool isBigEndian = false) => kind switch
    {
        CoreRelocationKind.FieldExists or CoreRelocationKind.TypeExists or CoreRelocationKind.TypeMatches
            or CoreRelocationKind.EnumValueExists => new(1, 0, 0, IsExact: true),
        CoreRelocationKind.TypeIdLocal or CoreRelocationKind.TypeIdTarget => new(path.RootTypeId, 0, 0, IsExact: false),
        CoreRelocationKind.TypeSize => new(path.Types.SizeOf(path.RootTypeId), 0, 0, IsExact: true),
        CoreRelocationKind.EnumValue => new(
            (ulong)path.Types[path.Last.TypeId].Enumerator((int)path.Last.Index).Value, 0, 0, IsExact: true),
        _ => path.Last.IsNamed ? OfMember(path, kind, isBigEndian) : OfElement(path, kind),
    };

    private static FieldFacts OfElement(AccessPath path, CoreRelocationKind kind)
    {
        var types = path.Types;
        return kind switch
        {
            CoreRelocationKind.FieldByteOffset => new(
                (ulong)path.BitOffset / 8, types.SizeOf(InnermostElement(types, path.Last.TypeId)), path.Last.TypeId, IsExact: true),
            CoreRelocationKind.FieldByteSize => new(types.SizeOf(path.Last.TypeId), 0, 0, IsExact: true),
            _ => throw new BpfFormatException($"A relocation asks for {kind} of an element of an array, {path.Describe()}."),
        };
    }

    private static FieldFacts OfMember(AccessPath path, CoreRelocationKind kind, bool isBigEndian)
    {
        var types = path.Types;
        var member = types[path.Last.TypeId].Member((int)path.Last.Index);
        var type = types.Resolve(member.TypeId);
        if (member.BitFieldSize > 0)
            return OfBitField(path, kind, member, type, isBigEndian);
        return kind switch
        {
            CoreRelocationKind.FieldByteOffset => new(
                (ulong)path.BitOffset / 8, types.SizeOf(InnermostElement(types, type.Id)), type.Id, IsExact: true),
            CoreRelocationKind.FieldByteSize => new(types.SizeOf(type.Id), 0, 0, IsExact: true),
            CoreRelocationKind.FieldSigned => new(IsSigned(type), 0, 0, IsExact: true),
            // The field is loaded into the lower bytes of a u64.
            CoreRelocationKind.FieldLeftShift => new(unchecked(64 - (types.SizeOf(type.Id) * 8UL)), 0, 0, IsExact: true),
            CoreRelocationKind.FieldRightShift => new(unchecked(64 - (types.SizeOf(type.Id) * 8UL)), 0, 0, IsExact: true),
            _ => throw new BpfFormatException($"A relocation asks for {kind} of a field, {path.Describe()}."),
        };
    }

    /// <summary>A bit field is read with the smallest aligned load, from its own type's size up, that holds all its bits.</summary>
    private static FieldFacts OfBitField(
        AccessPath path, CoreRelocationKind kind, BtfMember member, BtfType type, bool isBigEndian)
    {
        ulong bitOffset = (ulong)path.BitOffset, bits = member.BitFieldSize, bytes = path.Types.SizeOf(type.Id);
        if (bytes is 0 or > 8 || (bytes & (bytes - 1)) != 0)
            throw new BpfFormatException($"The bit field {path.Describe()} has a type of {bytes} bytes.");
        var start = bitOffset / 8 / bytes * bytes;
        while (bitOffset + bits - (start * 8) > bytes * 8)
        {
            if (bytes == 8)
                throw new BpfFormatException($"The bit field {path.Describe()} does not fit one load of 8 bytes.");
            bytes *= 2;
            start = bitOffset / 8 / bytes * bytes;
        }
        return kind switch
        {
            CoreRelocationKind.FieldByteOffset => new(start, 0, 0, IsExact: false),
            CoreRelocationKind.FieldByteSize => new(bytes, 0, 0, IsExact: false),
            CoreRelocationKind.FieldSigned => new(IsSigned(type), 0, 0, IsExact: true),
            // Bits are counted from the lowest on little-endian machines, and from the highest on others.
            CoreRelocationKind.FieldLeftShift => new(
                isBigEndian ? ((8 - bytes) * 8) + (bitOffset - (start * 8)) : 64 - (bitOffset + bits - (start * 8)), 0, 0, IsExact: false),
            CoreRelocationKind.FieldRightShift => new(64 - bits, 0, 0, IsExact: true),
            _ => throw new BpfFormatException($"A relocation asks for {kind} of a bit field, {path.Describe()}."),
        };
    }

    private static ulong IsSigned(BtfType type) =>
        (type.IsEnum && type.KindFlag) || (type.Kind == BtfKind.Int && type.Integer.IsSigned) ? 1UL : 0UL;

    private static uint InnermostElement(BtfTypes types, uint id)
    {
        var type = types.Resolve(id);
        for (var depth = 0; type.Kind == BtfKind.Array; depth++)
        {
            if (depth == BtfResolution.MaxDepth)
                throw new BpfFormatException($"An array has more than {BtfResolution.MaxDepth} dimensions.");
            type = types.Resolve(type.Array.ElementTypeId);
        }
        return type.Id;
    }
}

using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Types of an object in the words that the kernels since 5.2 know: newer kinds become ones of the same length, so ids and
/// offsets stay. What is lost is how the kernel prints values of maps.
/// </summary>
internal static class OlderTypes
{
    private const uint FlagBit = 1u << 31;

    internal static BtfTypes Of(BtfTypes types)
    {
        var image = types.Image.ToArray();
        for (var id = types.FirstId; id < types.Count; id++)
        {
            var type = types[id];
            switch (type.Kind)
            {
                case BtfKind.Float:
                    Rewrite(image, type, BtfKind.Struct, type.Size);
                    break;
                case BtfKind.DeclarationTag:
                    Rewrite(image, type, BtfKind.Int, 1);
                    Write(image, type.Offset + 12, 8); // An unsigned integer of eight bits.
                    break;
                case BtfKind.TypeTag:
                    Rewrite(image, type, BtfKind.Const, type.TargetId);
                    break;
                case BtfKind.Enum when type.KindFlag:
                    Write(image, type.Offset + 4, types.ReadUInt32(type.Offset + 4) & ~FlagBit);
                    break;
                case BtfKind.Enum64 when IntegerWithin(types, type.Size) is { } member:
                    ToUnion(image, type, member);
                    break;
            }
        }
        return BtfTypes.Parse(image, types.Base);
    }

    /// <summary>An enumerator of 64 bits is as long as a member: name, type and offset.</summary>
    private static void ToUnion(byte[] image, BtfType type, uint member)
    {
        Write(image, type.Offset + 4, ((uint)BtfKind.Union << 24) | (uint)type.Count);
        for (var i = 0; i < type.Count; i++)
        {
            var at = type.Offset + 12 + (i * 12);
            Write(image, at + 4, member);
            Write(image, at + 8, 0);
        }
    }

    /// <summary>An integer that fits a size; nearly every object has one.</summary>
    private static uint? IntegerWithin(BtfTypes types, uint size)
    {
        for (var id = 1u; id < types.Count; id++)
        {
            if (types[id].Kind == BtfKind.Int && types[id].Size <= size)
                return id;
        }
        return null;
    }

    private static void Rewrite(byte[] image, BtfType type, BtfKind kind, uint sizeOrType)
    {
        // Kernels refuse names where they expect none.
        Write(image, type.Offset, 0);
        Write(image, type.Offset + 4, (uint)kind << 24);
        Write(image, type.Offset + 8, sizeOrType);
    }

    private static void Write(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);
}

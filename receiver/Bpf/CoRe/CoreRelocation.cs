using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>One CO-RE relocation as the compiler wrote it.</summary>
/// <remarks>Source: struct bpf_core_relo, include/uapi/linux/bpf.h.</remarks>
/// <param name="TypeId">The type it starts from, in the object's BTF.</param>
/// <param name="AccessOffset">String offset of the path to the field, <c>0:1:2</c>.</param>
/// <param name="Kind">What is asked.</param>
internal readonly record struct CoreRelocation(uint TypeId, uint AccessOffset, CoreRelocationKind Kind)
{
    internal static CoreRelocation Read(ReadOnlySpan<byte> record) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(record[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
        (CoreRelocationKind)BinaryPrimitives.ReadUInt32LittleEndian(record[12..]));
}

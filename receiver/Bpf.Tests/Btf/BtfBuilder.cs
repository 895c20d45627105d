using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>Writes BTF images by hand, for types that compilers do not make.</summary>
internal sealed class BtfBuilder(BtfTypes? baseTypes = null)
{
    private readonly List<byte> _types = [];
    private readonly List<byte> _strings = baseTypes is null ? [0] : [];
    private readonly uint _firstString = baseTypes is null ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(baseTypes.Image.Span[20..]);
    private uint _next = baseTypes?.Count ?? 1;

    internal uint Int(string name, uint size, bool signed) =>
        Add(name, BtfKind.Int, 0, false, size, (signed ? 1u << 24 : 0) | (size * 8));

    internal uint Pointer(uint target) => Add("", BtfKind.Pointer, 0, false, target);

    internal uint Modifier(BtfKind kind, string name, uint target) => Add(name, kind, 0, false, target);

    internal uint Array(uint element, uint count) => Add("", BtfKind.Array, 0, false, 0, element, 1, count);

    internal uint Float(string name, uint size) => Add(name, BtfKind.Float, 0, false, size);

    internal uint Tag(string name, uint target) => Add(name, BtfKind.DeclarationTag, 0, false, target, uint.MaxValue);

    internal uint Struct(string name, uint size, params (string Name, uint Type, uint BitOffset)[] members) =>
        Add(name, BtfKind.Struct, members.Length, false, size, [.. members.SelectMany(m => new[] { String(m.Name), m.Type, m.BitOffset })]);

    internal uint Enum(string name, bool signed, params (string Name, int Value)[] values) =>
        Add(name, BtfKind.Enum, values.Length, signed, 4, [.. values.SelectMany(v => new[] { String(v.Name), (uint)v.Value })]);

    internal uint Enum64(string name, bool signed, params (string Name, long Value)[] values) =>
        Add(
            name, BtfKind.Enum64, values.Length, signed, 8,
            [.. values.SelectMany(v => new[] { String(v.Name), (uint)v.Value, (uint)(v.Value >> 32) })]);

    internal BtfTypes Build() => BtfTypes.Parse(Image(), baseTypes);

    internal byte[] Image()
    {
        var image = new byte[24 + _types.Count + _strings.Count];
        BinaryPrimitives.WriteUInt16LittleEndian(image, 0xeb9f);
        image[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(4), 24);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), _types.Count);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(16), _types.Count);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(20), _strings.Count);
        _types.CopyTo(image, 24);
        _strings.CopyTo(image, 24 + _types.Count);
        return image;
    }

    private uint Add(string name, BtfKind kind, int count, bool flag, uint sizeOrType, params uint[] rest)
    {
        uint[] words = [String(name), (uint)count | ((uint)kind << 24) | (flag ? 1u << 31 : 0), sizeOrType, .. rest];
        foreach (var word in words)
            _types.AddRange(BitConverter.GetBytes(word));
        return _next++;
    }

    private uint String(string text)
    {
        if (text.Length == 0)
            return 0;
        var at = _firstString + (uint)_strings.Count;
        _strings.AddRange(Encoding.UTF8.GetBytes(text));
        _strings.Add(0);
        return at;
    }
}

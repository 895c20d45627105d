using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>Writes types in the BPF Type Format: what describes the maps, functions and source lines of an object made in memory.</summary>
/// <remarks>Source of the format: Documentation/bpf/btf.rst.</remarks>
public sealed class BtfEncoder
{
    private const int HeaderSize = 24;
    private readonly List<byte> _types = [];
    private readonly List<byte> _strings = [0];
    private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal) { [""] = 0 };
    private uint _next = 1;

    /// <summary>An integer of 1, 2, 4, 8 or 16 bytes.</summary>
    /// <returns>Id of the type, as all of these.</returns>
    public uint Integer(string name, int size, bool signed) =>
        Add(name, BtfKind.Int, 0, (uint)size, (signed ? 1u << 24 : 0) | ((uint)size * 8));

    /// <summary>A pointer; to void if the target is 0.</summary>
    public uint Pointer(uint target) => Add("", BtfKind.Pointer, 0, target);

    /// <summary>An array.</summary>
    /// <param name="element">Type of an element.</param>
    /// <param name="index">An integer type.</param>
    /// <param name="count">Number of elements.</param>
    public uint Array(uint element, uint index, int count) => Add("", BtfKind.Array, 0, 0, element, index, (uint)count);

    /// <summary>A struct.</summary>
    /// <param name="name">Name: letters, digits, underscores.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="members">Name, type and offset in bytes of each.</param>
    public uint Struct(string name, int size, IReadOnlyList<(string Name, uint Type, int Offset)> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var words = new uint[members.Count * 3];
        for (var i = 0; i < members.Count; i++)
        {
            words[3 * i] = String(members[i].Name);
            words[3 * i + 1] = members[i].Type;
            words[3 * i + 2] = (uint)members[i].Offset * 8;
        }
        return Add(name, BtfKind.Struct, members.Count, (uint)size, words);
    }

    /// <summary>A function of the program: its prototype and its name.</summary>
    /// <param name="name">Name.</param>
    /// <param name="result">Type of the result.</param>
    /// <param name="parameters">Name and type of each parameter.</param>
    public uint Function(string name, uint result, params ReadOnlySpan<(string Name, uint Type)> parameters)
    {
        var words = new uint[parameters.Length * 2];
        for (var i = 0; i < parameters.Length; i++)
        {
            words[2 * i] = String(parameters[i].Name);
            words[2 * i + 1] = parameters[i].Type;
        }
        var prototype = Add("", BtfKind.FunctionPrototype, parameters.Length, result, words);
        const int global = 1;
        return Add(name, BtfKind.Function, global, prototype);
    }

    /// <summary>A string; the same one gives the same offset.</summary>
    /// <returns>Offset in the string section.</returns>
    public uint String(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_offsets.TryGetValue(text, out var offset))
            return offset;
        offset = (uint)_strings.Count;
        _strings.AddRange(Encoding.UTF8.GetBytes(text.Replace('\0', ' ')));
        _strings.Add(0);
        _offsets.Add(text, offset);
        return offset;
    }

    /// <summary>All that was written.</summary>
    public BtfTypes Build()
    {
        var image = new byte[HeaderSize + _types.Count + _strings.Count];
        BinaryPrimitives.WriteUInt16LittleEndian(image, 0xeb9f);
        image[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(4), HeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), _types.Count);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(16), _types.Count);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(20), _strings.Count);
        _types.CopyTo(image, HeaderSize);
        _strings.CopyTo(image, HeaderSize + _types.Count);
        return BtfTypes.Parse(image);
    }

    private uint Add(string name, BtfKind kind, int count, uint sizeOrType, params ReadOnlySpan<uint> rest)
    {
        Word(String(name));
        Word((uint)count | ((uint)kind << 24));
        Word(sizeOrType);
        foreach (var word in rest)
            Word(word);
        return _next++;
    }

    private void Word(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _types.AddRange(bytes);
    }
}

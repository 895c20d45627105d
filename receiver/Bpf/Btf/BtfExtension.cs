using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>The section .BTF.ext: what functions, source lines and CO-RE relocations belong to which instruction.</summary>
/// <remarks>Source: Documentation/bpf/btf.rst, section ".BTF.ext section".</remarks>
internal sealed class BtfExtension
{
    private const ushort Magic = 0xeb9f;

    private readonly Dictionary<string, InfoTable> _functions = [];
    private readonly Dictionary<string, InfoTable> _lines = [];
    private readonly Dictionary<string, InfoTable> _relocations = [];

    internal InfoTable FunctionsOf(string section) => _functions.GetValueOrDefault(section, InfoTable.Empty);

    internal InfoTable LinesOf(string section) => _lines.GetValueOrDefault(section, InfoTable.Empty);

    internal InfoTable RelocationsOf(string section) => _relocations.GetValueOrDefault(section, InfoTable.Empty);

    /// <exception cref="BpfFormatException">The section is malformed.</exception>
    internal static BtfExtension Parse(ReadOnlyMemory<byte> image, BtfTypes types)
    {
        var bytes = image.Span;
        if (bytes.Length < 24 || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Magic)
            throw new BpfFormatException(".BTF.ext has no proper header.");
        if (bytes[2] != 1)
            throw new BpfFormatException($".BTF.ext has version {bytes[2]}; only version 1 is known.");
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (header < 24 || header > bytes.Length)
            throw new BpfFormatException($".BTF.ext says its header has {header} bytes, of {bytes.Length}.");

        var result = new BtfExtension();
        Read(image, header, 8, 8, "func_info", types, result._functions);
        Read(image, header, 16, 16, "line_info", types, result._lines);
        // Compilers before CO-RE wrote a shorter header.
        if (header >= 32)
            Read(image, header, 24, 16, "core_relo", types, result._relocations);
        return result;
    }

    private static void Read(
        ReadOnlyMemory<byte> image, uint header, int field, int leastRecord, string what, BtfTypes types,
        Dictionary<string, InfoTable> tables)
    {
        var bytes = image.Span;
        var start = (ulong)header + BinaryPrimitives.ReadUInt32LittleEndian(bytes[field..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(field + 4)..]);
        if (length == 0)
            return;
        if (start + length > (ulong)bytes.Length || length < 4)
            throw new BpfFormatException($"The {what} of .BTF.ext lies outside of it.");

        var at = (int)start;
        var end = at + (int)length;
        var recordSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        // The kernel, too, bounds what it takes for a record of the future (MAX_FUNCINFO_REC_SIZE and the like).
        if (recordSize < leastRecord || recordSize % 4 != 0 || recordSize > 4096)
            throw new BpfFormatException($"The {what} of .BTF.ext has records of {recordSize} bytes.");
        at += 4;
        while (at < end)
        {
            if (end - at < 8)
                throw new BpfFormatException($"The {what} of .BTF.ext is cut off.");
            var section = Encoding.UTF8.GetString(types.StringAt(BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..])));
            var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            at += 8;
            if (count == 0 || count > (uint)(end - at) / recordSize)
                throw new BpfFormatException($"The {what} of .BTF.ext claims {count} records for section {section}.");
            var records = new (uint, int)[count];
            for (var i = 0; i < records.Length; i++, at += (int)recordSize)
                records[i] = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]), at);
            if (!tables.TryAdd(section, new(image, (int)recordSize, records)))
                throw new BpfFormatException($"The {what} of .BTF.ext has section {section} twice.");
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A relocatable BPF object: 64-bit, of either order of bytes. Everything read is checked to lie inside the file, so that what is
/// made of it needs no more checks, and nothing is allocated by a length the file only claims.
/// </summary>
internal sealed class ElfObject
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 16;
    private const int MachineBpf = 247;
    private const int MaxNameLength = 512;

    private readonly ReadOnlyMemory<byte> _image;
    private readonly string _name;
    private readonly Dictionary<string, ElfSection> _byName = [];

    private ElfObject(ReadOnlyMemory<byte> image, string name, bool isObject)
    {
        _image = image;
        _name = name;
        IsBigEndian = CheckHeader(isObject);
        Sections = ReadSections();
        foreach (var section in Sections)
        {
            if (section.Type != ElfSectionType.Null)
                _byName.TryAdd(section.Name, section);
        }
        Symbols = isObject ? ReadSymbols() : [];
    }

    /// <summary>True if the file is for machines that store the highest byte of a number first.</summary>
    internal bool IsBigEndian { get; }

    internal ElfSection[] Sections { get; }

    internal ElfSymbol[] Symbols { get; }

    /// <exception cref="BpfFormatException">It is no BPF object, or malformed.</exception>
    internal static ElfObject Parse(ReadOnlyMemory<byte> image, string name) => new(image, name, isObject: true);

    /// <summary>True for ELF files of any kind.</summary>
    internal static bool IsElf(ReadOnlySpan<byte> image) => image.StartsWith("\u007fELF"u8);

    /// <summary>The bytes of a section of an ELF file of any kind and machine.</summary>
    /// <exception cref="BpfFormatException">It is malformed, or has no such section.</exception>
    internal static ReadOnlyMemory<byte> SectionOf(ReadOnlyMemory<byte> image, string name, string section)
    {
        var elf = new ElfObject(image, name, isObject: false);
        return elf.Find(section) is { HasBytes: true } found
            ? elf.BytesOf(found)
            : throw elf.Malformed($"this ELF file has no section {section}");
    }

    /// <summary>The first section of a name.</summary>
    internal ElfSection? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The bytes of a section; empty for .bss.</summary>
    internal ReadOnlyMemory<byte> BytesOf(ElfSection section) =>
        section.HasBytes ? _image.Slice((int)section.Offset, (int)section.Size) : default;

    /// <summary>The relocations that apply to a section, in the order of their places.</summary>
    internal ElfRelocation[] RelocationsOf(ElfSection section)
    {
        var result = Array.Empty<ElfRelocation>();
        foreach (var table in Sections)
        {
            if (table.Info != section.Index)
                continue;
            if (table.Type == ElfSectionType.RelocationsWithAddend)
                throw Malformed($"section {table.Name} has relocations with addends, which BPF objects do not use");
            if (table.Type == ElfSectionType.Relocations)
            {
                result = result.Length == 0
                    ? ReadRelocations(table)
                    : throw Malformed($"section {section.Name} has more than one table of relocations");
            }
        }
        return result;
    }

    /// <summary>A number of 32 bits from the contents of a section.</summary>
    internal uint Number(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal BpfFormatException Malformed(string what) => new($"{_name}: {what}.");

    private ReadOnlySpan<byte> Bytes => _image.Span;

    /// <returns>Whether it is big-endian.</returns>
    private bool CheckHeader(bool isObject)
    {
        var image = Bytes;
        if (image.Length < HeaderSize || !IsElf(image))
            throw Malformed("this is not an ELF file");
        if (image[4] != 2 || image[5] is not (1 or 2))
            throw Malformed("only 64-bit ELF is supported");
        var isBigEndian = image[5] == 2;
        var (low, high) = isBigEndian ? (1, 0) : (0, 1);
        var type = image[16 + low] | (image[16 + high] << 8);
        var machine = image[18 + low] | (image[18 + high] << 8);
        if (isObject && machine != MachineBpf)
            throw Malformed($"this is an ELF file for machine {machine}, not for BPF ({MachineBpf})");
        if (isObject && type != 1)
            throw Malformed($"this is an ELF file of type {type}, not a relocatable object (1)");
        return isBigEndian;
    }

    private ElfSection[] ReadSections()
    {
        var image = Bytes;
        var table = U64(40);
        if (table == 0)
            throw Malformed("there are no sections");
        if (U16(58) != SectionHeaderSize || table > (ulong)(image.Length - SectionHeaderSize))
            throw Malformed("the section headers are not where the file says");
        // Counts that do not fit 16 bits are in the header of section 0.
        ulong count = U16(60);
        ulong names = U16(62);
        if (count == 0)
            count = U64((int)table + 32);
        if (names == 0xffff)
            names = U32((int)table + 40);
        if (count > ((ulong)image.Length - table) / SectionHeaderSize)
            throw Malformed($"it claims {count} sections, which its size does not allow");
        if (names >= count)
            throw Malformed($"the section names should be in section {names}, of {count}");

        var strings = ReadHeader((int)table, (int)names, "");
        var sections = new ElfSection[(int)count];
        for (var i = 0; i < sections.Length; i++)
            sections[i] = ReadHeader((int)table, i, StringAt(strings, U32((int)table + (i * SectionHeaderSize))));
        return sections;
    }

    private ElfSection ReadHeader(int table, int index, string name)
    {
        var at = table + (index * SectionHeaderSize);
        var type = (ElfSectionType)U32(at + 4);
        var offset = U64(at + 24);
        var size = U64(at + 32);
        var link = U32(at + 40);
        var info = U32(at + 44);
        var section = new ElfSection(index, name, type, U64(at + 8), (long)offset, (long)size, (int)link, (int)info);
        if (section.HasBytes && (offset > (ulong)Bytes.Length || size > (ulong)Bytes.Length - offset))
            throw Malformed($"section {index} ({name}) lies outside of the file");
        if (type == ElfSectionType.NoBits && size > int.MaxValue)
            throw Malformed($"section {index} ({name}) has {size} bytes");
        return section;
    }

    private ElfSymbol[] ReadSymbols()
    {
        var table = Array.Find(Sections, s => s.Type == ElfSectionType.SymbolTable) ?? throw Malformed("there is no symbol table");
        if ((uint)table.Link >= (uint)Sections.Length || Sections[table.Link].Type != ElfSectionType.StringTable)
            throw Malformed("the symbol table has no names");
        var strings = Sections[table.Link];
        var symbols = new ElfSymbol[table.Size / SymbolSize];
        for (var i = 0; i < symbols.Length; i++)
        {
            var at = (int)table.Offset + (i * SymbolSize);
            var info = Bytes[at + 4];
            symbols[i] = new(
                StringAt(strings, U32(at)), (ElfSymbolType)(info & 0xf), info >> 4, U16(at + 6), U64(at + 8), U64(at + 16));
        }
        return symbols;
    }

    private ElfRelocation[] ReadRelocations(ElfSection table)
    {
        var relocations = new ElfRelocation[table.Size / RelocationSize];
        for (var i = 0; i < relocations.Length; i++)
        {
            var at = (int)table.Offset + (i * RelocationSize);
            var info = U64(at + 8);
            var symbol = info >> 32;
            if (symbol >= (ulong)Symbols.Length)
                throw Malformed($"relocation {i} of section {table.Name} refers to symbol {symbol}, of {Symbols.Length}");
            relocations[i] = new(U64(at), (uint)info, (int)symbol);
        }
        Array.Sort(relocations, static (a, b) => a.Offset.CompareTo(b.Offset));
        return relocations;
    }

    private string StringAt(ElfSection strings, uint offset)
    {
        if (strings.Type != ElfSectionType.StringTable || offset >= (ulong)strings.Size)
            throw Malformed($"a name is at {offset}, outside of section {strings.Index}");
        var rest = Bytes.Slice((int)strings.Offset + (int)offset, (int)Math.Min(strings.Size - offset, MaxNameLength));
        var end = rest.IndexOf((byte)0);
        return end >= 0
            ? Encoding.UTF8.GetString(rest[..end])
            : throw Malformed($"the name at {offset} in section {strings.Index} does not end");
    }

    private ushort U16(int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(Bytes[at..])
        : BinaryPrimitives.ReadUInt16LittleEndian(Bytes[at..]);

    private uint U32(int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(Bytes[at..])
        : BinaryPrimitives.ReadUInt32LittleEndian(Bytes[at..]);

    private ulong U64(int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt64BigEndian(Bytes[at..])
        : BinaryPrimitives.ReadUInt64LittleEndian(Bytes[at..]);
}

using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>Goes over all functions that the symbol tables of a file define.</summary>
internal static class FunctionTable
{
    private const int EntrySize = 24; // Elf64_Sym
    private const int EntriesAtOnce = 2048;
    private const byte Function = 2;
    private const int LargestStrings = 512 << 20;

    /// <summary>Adds the functions whose name fits, by address; a name that is there already stays.</summary>
    public static void Collect(ImageFile file, string pattern, SortedDictionary<ulong, string> found)
    {
        foreach (var section in file.Sections)
        {
            if (section.Type is ImageSection.SymbolTable or ImageSection.DynamicSymbolTable)
                Collect(file, section, pattern, found);
        }
    }

    private static void Collect(ImageFile file, in ImageSection table, string pattern, SortedDictionary<ulong, string> found)
    {
        var strings = file.ReadAll(file.LinkedSection(table), LargestStrings);
        var buffer = new byte[EntriesAtOnce * EntrySize];
        ulong offset = 0;
        for (int read; (read = file.Read(table, offset, buffer)) >= EntrySize; offset += (ulong)(read / EntrySize * EntrySize))
        {
            for (var i = 0; i < read / EntrySize; i++)
            {
                var entry = buffer.AsSpan(i * EntrySize, EntrySize);
                var address = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
                if ((entry[4] & 0xf) != Function || BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) == 0 || address == 0)
                    continue;
                var name = NameAt(strings, BinaryPrimitives.ReadUInt32LittleEndian(entry));
                if (Glob.IsMatch(pattern, name))
                    found.TryAdd(address, name);
            }
        }
    }

    private static string NameAt(byte[] strings, uint offset)
    {
        if (offset >= (uint)strings.Length)
            return "";
        var rest = strings.AsSpan((int)offset);
        var end = rest.IndexOfAny((byte)0, (byte)'@'); // versions are behind '@'
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}

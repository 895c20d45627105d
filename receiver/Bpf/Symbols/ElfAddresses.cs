using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>Finds which function of a file a place in it belongs to: the other way round than <see cref="ElfSymbols"/>.</summary>
public static class ElfAddresses
{
    private const int EntrySize = 24; // Elf64_Sym
    private const int EntriesAtOnce = 2048;
    private const int MaximumNameLength = 512;
    private const byte Function = 2;
    private const byte IndirectFunction = 10;

    /// <summary>The function that the code at an offset belongs to; null if the file has no symbol for it.</summary>
    /// <param name="path">An executable or a library, 64-bit.</param>
    /// <param name="fileOffset">Bytes from the start of the file.</param>
    /// <exception cref="BpfException">The file can't be read.</exception>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public static string? FunctionAt(string path, ulong fileOffset)
    {
        using var file = ImageFile.Open(path);
        if (AddressOf(file, fileOffset) is not { } address)
            return null;
        foreach (var type in (ReadOnlySpan<uint>)[ImageSection.SymbolTable, ImageSection.DynamicSymbolTable])
        {
            foreach (var section in file.Sections)
            {
                if (section.Type == type && Find(file, section, address) is { } name)
                    return name;
            }
        }

        return null;
    }

    private static ulong? AddressOf(ImageFile file, ulong fileOffset)
    {
        foreach (var segment in file.Segments)
        {
            var inside = unchecked(fileOffset - segment.Offset);
            if (inside < segment.FileSize)
                return unchecked(segment.Address + inside);
        }

        return null;
    }

    /// <summary>The last function that begins at or before the address, if it reaches it; one of unknown size reaches to the next.</summary>
    private static string? Find(ImageFile file, in ImageSection table, ulong address)
    {
        var buffer = new byte[EntriesAtOnce * EntrySize];
        (uint Name, ulong Start, ulong Size)? best = null;
        ulong index = 0;
        for (int read; (read = file.Read(table, index * EntrySize, buffer)) >= EntrySize; index += (ulong)(read / EntrySize))
        {
            for (var at = 0; at + EntrySize <= read; at += EntrySize)
            {
                var entry = buffer.AsSpan(at, EntrySize);
                var start = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
                if ((entry[4] & 0xf) is not (Function or IndirectFunction) || start == 0 || start > address || start < (best?.Start ?? 0))
                    continue;
                best = (BinaryPrimitives.ReadUInt32LittleEndian(entry), start, BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
            }
        }

        if (best is not { } found || (found.Size != 0 && address - found.Start >= found.Size))
            return null;
        Span<byte> name = stackalloc byte[MaximumNameLength];
        name = name[..file.Read(file.LinkedSection(table), found.Name, name)];
        var end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }
}

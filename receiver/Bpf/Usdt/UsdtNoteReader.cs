using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Reads the notes of .note.stapsdt: name "stapsdt", type 3, and a description of three addresses and three strings
/// (the format is that of systemtap's sys/sdt.h). Pure.
/// </summary>
internal static class UsdtNoteReader
{
    private const uint StapSdt = 3;
    private const int HeaderSize = 12;
    private const int AddressesSize = 3 * sizeof(ulong);

    /// <summary>Takes the notes one by one.</summary>
    /// <param name="section">What is left of the section; shortened by what was read.</param>
    /// <param name="note">The note, if there was one.</param>
    /// <param name="problem">What is wrong with the section, or null.</param>
    /// <returns>False at the end of the section, or where it is malformed.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> section, out UsdtNote note, out string? problem)
    {
        note = default;
        problem = null;
        while (section.Length >= HeaderSize)
        {
            var nameSize = BinaryPrimitives.ReadUInt32LittleEndian(section);
            var descriptionSize = BinaryPrimitives.ReadUInt32LittleEndian(section[4..]);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(section[8..]);
            var start = HeaderSize + Aligned(nameSize);
            if (start > section.Length || descriptionSize > section.Length - start)
            {
                problem = "a USDT note reaches past the end of its section";
                return false;
            }

            var name = section.Slice(HeaderSize, (int)nameSize);
            var description = section.Slice((int)start, (int)descriptionSize);
            section = section[(int)Math.Min(start + Aligned(descriptionSize), section.Length)..];
            if (type != StapSdt || !name.SequenceEqual("stapsdt\0"u8))
                continue;
            if (TryReadDescription(description, out note))
                return true;
            problem = "a USDT note is cut short";
            return false;
        }

        return false;
    }

    private static bool TryReadDescription(ReadOnlySpan<byte> description, out UsdtNote note)
    {
        note = default;
        if (description.Length < AddressesSize)
            return false;
        var text = description[AddressesSize..];
        if (!TryTakeString(ref text, out var provider) || !TryTakeString(ref text, out var name)
            || !TryTakeString(ref text, out var arguments))
            return false;
        note = new(
            BinaryPrimitives.ReadUInt64LittleEndian(description),
            BinaryPrimitives.ReadUInt64LittleEndian(description[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(description[16..]),
            provider,
            name,
            arguments);
        return true;
    }

    private static bool TryTakeString(ref ReadOnlySpan<byte> bytes, out string text)
    {
        var end = bytes.IndexOf((byte)0);
        text = end < 0 ? "" : Encoding.UTF8.GetString(bytes[..end]);
        bytes = end < 0 ? default : bytes[(end + 1)..];
        return end >= 0;
    }

    private static long Aligned(uint size) => ((long)size + 3) & ~3L;
}

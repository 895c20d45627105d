using System.Buffers.Binary;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>Writes a record of struct bpf_line_info for people.</summary>
internal static class SourceLine
{
    internal static string Describe(BtfTypes types, ReadOnlySpan<byte> record)
    {
        var file = Encoding.UTF8.GetString(types.StringAt(BinaryPrimitives.ReadUInt32LittleEndian(record[4..])));
        var text = Encoding.UTF8.GetString(types.StringAt(BinaryPrimitives.ReadUInt32LittleEndian(record[8..]))).Trim();
        var line = NumberOf(record);
        var name = Path.GetFileName(file);
        return text.Length == 0 ? $"{name}:{line}" : $"{name}:{line}: {text}";
    }

    /// <summary>True of what the compiler can't tell the line of: it says line 0.</summary>
    internal static bool IsNone(ReadOnlySpan<byte> record) => NumberOf(record) == 0;

    // The column takes the lower 10 bits.
    private static uint NumberOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[12..]) >> 10;
}

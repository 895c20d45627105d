using System.Buffers;
using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Makes kernel and network bytes fit for a protobuf string. Parsers refuse a whole request for one string that is not
/// UTF-8, and process names, arguments and question names are whatever a program chose.
/// </summary>
internal static class Utf8Text
{
    private static ReadOnlySpan<byte> Replacement => "\uFFFD"u8;

    /// <summary>
    /// Copies <paramref name="text"/> with each invalid sequence replaced by U+FFFD into a rented buffer, which the
    /// caller returns to the shared pool.
    /// </summary>
    public static byte[] Repair(ReadOnlySpan<byte> text, out int length)
    {
        byte[] repaired = ArrayPool<byte>.Shared.Rent(Math.Max(1, checked(text.Length * 3)));
        length = 0;
        while (!text.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(text, out _, out int consumed);
            ReadOnlySpan<byte> part = status == OperationStatus.Done ? text[..consumed] : Replacement;
            part.CopyTo(repaired.AsSpan(length));
            length += part.Length;
            text = text[consumed..];
        }
        return repaired;
    }
}

using System.Buffers.Binary;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>
/// What is in a batch of a number: bytes that follow from it, so that what comes back is compared with what went in and nothing else.
/// </summary>
internal static class NumberedContent
{
    public static Signal SignalOf(int number) => (Signal)(number % Signals.Count);

    public static int ItemsOf(int number) => 1 + number % 7;

    public static byte[] BytesOf(int number, int length = -1)
    {
        // All remainders of the alignment of records, and sometimes nothing but the number.
        var bytes = new byte[length >= sizeof(int) ? length : sizeof(int) + number * 37 % 101];
        new Random(number).NextBytes(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}

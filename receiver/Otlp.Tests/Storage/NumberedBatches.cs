using System.Buffers.Binary;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>Batches that can be told apart, see <see cref="NumberedContent"/>.</summary>
internal static class NumberedBatches
{
    public static Batch Make(int number, int length = -1) =>
        Batch.Copy(NumberedContent.SignalOf(number), NumberedContent.ItemsOf(number), NumberedContent.BytesOf(number, length));

    /// <summary>The number of a batch that is whole in every respect; anything else fails the test.</summary>
    public static int NumberOf(Batch batch)
    {
        ReadOnlySpan<byte> bytes = batch.Bytes.Span;
        int number = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        Assert.Equal(Convert.ToHexString(NumberedContent.BytesOf(number, bytes.Length)), Convert.ToHexString(bytes));
        Assert.Equal((NumberedContent.SignalOf(number), NumberedContent.ItemsOf(number)), (batch.Signal, batch.Items));
        return number;
    }

    /// <summary>The items of a signal in these batches.</summary>
    public static long Items(IEnumerable<int> numbers, Signal signal) =>
        numbers.Where(n => NumberedContent.SignalOf(n) == signal).Sum(n => (long)NumberedContent.ItemsOf(n));
}

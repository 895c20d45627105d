using System.Buffers;
using EbpfReceiver.Services.Exports;

namespace EbpfReceiver.Tests.Services;

public class RequestFramingTests
{
    private const int Maximum = 100_000;

    [Fact]
    public void Hostile_bodies_are_one_message_or_refused()
    {
        var random = new Random(31);
        for (int i = 0; i < 5000; i++)
        {
            byte[] message = new byte[random.Next(40)];
            random.NextBytes(message);
            var framedMessage = new ArrayBufferWriter<byte>();
            GrpcFrame.Write(framedMessage, message);
            byte[] body = framedMessage.WrittenSpan.ToArray();
            if (i % 2 == 1)
            {
                for (int j = random.Next(3); j >= 0; j--) body[random.Next(body.Length)] = (byte)random.Next(256);
                body = [.. body.AsSpan(0, random.Next(body.Length + 1)), .. new byte[random.Next(3)]];
            }

            string? problem = GrpcFrame.Read(body, out bool compressed);
            bool framed = body.Length >= 5 && body[0] <= 1
                && Convert.ToInt64(Convert.ToHexString(body.AsSpan(1, 4)), 16) == body.Length - 5;
            Assert.True(problem is null == framed && compressed == (body.Length >= 5 && body[0] == 1), Convert.ToHexString(body));
            if (i % 2 == 0) Assert.Equal(message, body[5..]);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public void Hostile_compressed_bytes_give_bounded_bytes_or_are_corrupt_and_the_budget_is_given_back(string coding)
    {
        var random = new Random(37);
        var budget = new InFlightBudget(1 << 20);
        int complete = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] plain = new byte[random.Next(2) == 0 ? random.Next(1, 200) : random.Next(1, 2 * Maximum)];
            byte[] compressed = OtlpHttpTests.Compress(plain, coding);
            for (int j = random.Next(4); j > 0; j--) compressed[random.Next(compressed.Length)] = (byte)random.Next(256);
            compressed = compressed[..random.Next(compressed.Length / 2, compressed.Length + 1)];
            using var output = new RequestBytes(budget, Maximum);
            BodyOutcome outcome = ContentCoding.TryInflate(coding, new MemoryStream(compressed), output);
            Assert.True(
                outcome is BodyOutcome.Corrupt or BodyOutcome.TooLarge
                || (outcome == BodyOutcome.Complete && output.Span.Length <= Maximum),
                Convert.ToHexString(compressed));
            complete += outcome == BodyOutcome.Complete ? 1 : 0;
        }

        Assert.InRange(complete, 1, 2999);
        Assert.Equal(0, budget.Taken);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public void A_body_of_just_the_limit_fits_and_one_of_a_byte_more_does_not(string coding)
    {
        var budget = new InFlightBudget(1 << 20);
        foreach ((int length, BodyOutcome expected) in
            ((int, BodyOutcome)[])[(Maximum, BodyOutcome.Complete), (Maximum + 1, BodyOutcome.TooLarge)])
        {
            using var output = new RequestBytes(budget, Maximum);
            using var compressed = new MemoryStream(OtlpHttpTests.Compress(new byte[length], coding));
            Assert.Equal(expected, ContentCoding.TryInflate(coding, compressed, output));
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public void A_body_that_is_cut_short_is_corrupt_wherever_it_is_cut(string coding)
    {
        byte[] plain = new byte[5000];
        new Random(7).NextBytes(plain.AsSpan(0, 200));
        byte[] compressed = OtlpHttpTests.Compress(plain, coding);
        var budget = new InFlightBudget(1 << 20);
        for (int length = 1; length <= compressed.Length; length++)
        {
            using var output = new RequestBytes(budget, Maximum);
            BodyOutcome outcome = ContentCoding.TryInflate(coding, new MemoryStream(compressed, 0, length), output);
            Assert.Equal((length, length == compressed.Length ? BodyOutcome.Complete : BodyOutcome.Corrupt), (length, outcome));
        }
    }

    [Fact]
    public void A_window_that_is_larger_than_decoders_must_have_is_refused()
    {
        // A frame header of RFC 8878 that asks for a window of 1 GiB: magic number, descriptor, exponent 20 of 2^10.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 20 << 3, 0x01, 0x00, 0x00];
        using var output = new RequestBytes(new InFlightBudget(1 << 20), Maximum);
        Assert.Equal(BodyOutcome.Corrupt, ContentCoding.TryInflate("zstd", new MemoryStream(frame), output));
        // With one of 1 KiB it is an empty body.
        frame[5] = 0;
        Assert.Equal(BodyOutcome.Complete, ContentCoding.TryInflate("zstd", new MemoryStream(frame), output));
    }

    [Fact]
    public void What_is_taken_from_the_budget_is_what_is_held()
    {
        var budget = new InFlightBudget(40_000);
        using (var first = new RequestBytes(budget, Maximum))
        {
            Assert.Equal(BodyOutcome.Complete, first.TryAppend(new(new byte[20_000])));
            Assert.InRange(budget.Taken, 20_000, 40_000);
            using var second = new RequestBytes(budget, Maximum);
            Assert.Equal(BodyOutcome.NoRoom, second.TryAppend(new(new byte[20_000])));
            Assert.Equal(BodyOutcome.TooLarge, first.TryAppend(new(new byte[Maximum])));
        }

        Assert.Equal(0, budget.Taken);
    }
}

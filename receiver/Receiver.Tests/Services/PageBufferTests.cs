using System.Buffers;
using EbpfReceiver.Services;

namespace EbpfReceiver.Tests.Services;

public class PageBufferTests
{
    [Fact]
    public async Task What_is_written_in_pieces_of_any_size_comes_out_as_it_was_written()
    {
        var random = new Random(1);
        var expected = new MemoryStream();
        using var page = new PageBuffer();
        Assert.Equal(0, page.Length);
        while (expected.Length < 3 << 20)
        {
            // Small ones as of labels, and some that are larger than a buffer.
            var bytes = new byte[random.Next(20) == 0 ? random.Next(600_000) : random.Next(300)];
            random.NextBytes(bytes);
            expected.Write(bytes);
            if (random.Next(2) == 0)
            {
                page.Write(bytes);
            }
            else
            {
                bytes.CopyTo(page.GetSpan(bytes.Length));
                page.Advance(bytes.Length);
            }
        }

        using var written = new MemoryStream();
        await page.WriteToAsync(written, TestContext.Current.CancellationToken);
        Assert.Equal(expected.Length, page.Length);
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(written.ToArray()));
    }

    [Fact]
    public void More_than_there_is_room_for_can_not_be_claimed()
    {
        using var page = new PageBuffer();
        int room = page.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Advance(-1));
        page.Advance(room);
        Assert.Equal(room, page.Length);
    }
}

namespace EbpfReceiver.Otlp.Tests.Batches;

[Collection(BufferCollection.Name)]
public class RequestBuffersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(32 << 10)]
    [InlineData((32 << 10) + 1)]
    [InlineData(3 << 20)]
    [InlineData((4 << 20) + 1)]
    public void A_buffer_has_the_room_that_was_asked_for(int minimum)
    {
        byte[] buffer = RequestBuffers.Rent(minimum);
        Assert.True(buffer.Length >= minimum);
        RequestBuffers.Return(buffer);
    }

    [Fact]
    public void What_a_burst_took_is_not_kept_beyond_the_bound()
    {
        byte[][] burst = [.. Enumerable.Range(0, 20).Select(_ => RequestBuffers.Rent(1 << 20))];
        Assert.Equal(20, burst.Distinct().Count());
        foreach (byte[] buffer in burst)
            RequestBuffers.Return(buffer);
        Assert.InRange(RequestBuffers.Kept, 1, RequestBuffers.MostKept);
    }
}

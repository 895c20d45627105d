using Google.Protobuf;

namespace EbpfReceiver.Otlp.Tests.Protobuf;

public class ProtobufReaderTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(16383UL)]
    [InlineData(16384UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(1UL << 62)]
    [InlineData(ulong.MaxValue)]
    public void Varints_are_those_of_the_official_library(ulong value)
    {
        Assert.Equal(CodedOutputStream.ComputeUInt64Size(value), Varint.Size(value));
        Span<byte> bytes = stackalloc byte[10];
        int length = Varint.Write(bytes, 0, value);
        Assert.Equal(Varint.Size(value), length);
        Assert.Equal(value, new CodedInputStream(bytes[..length].ToArray()).ReadUInt64());
        int at = 0;
        Assert.True(ProtobufReader.TryReadVarint(bytes, ref at, out ulong read));
        Assert.Equal((value, length), (read, at));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Zigzag_goes_there_and_back(int value) => Assert.Equal(value, Varint.UnZigZag(Varint.ZigZag(value)));

    [Theory]
    [InlineData("", false, "nothing")]
    [InlineData("0801", false, "a varint")]
    [InlineData("08", true, "a tag alone")]
    [InlineData("80", true, "half a tag")]
    [InlineData("0880", true, "half a varint")]
    [InlineData("08ffffffffffffffffffff01", true, "a varint of eleven bytes")]
    [InlineData("0a05", true, "a length without content")]
    [InlineData("0affffffff0f00", true, "a length beyond the end")]
    [InlineData("0affffffffffffffff7f", true, "a length beyond anything")]
    [InlineData("0900000000000000", true, "seven bytes of a fixed64")]
    [InlineData("0d000000", true, "three bytes of a fixed32")]
    [InlineData("0b0c", true, "a group")]
    [InlineData("0001", true, "field 0")]
    [InlineData("0f", true, "wire type 7")]
    public void Malformed_bytes_end_the_walk(string hex, bool malformed, string what)
    {
        var reader = new ProtobufReader(Convert.FromHexString(hex));
        while (reader.Next())
        {
        }
        Assert.Equal((malformed, what), (reader.Malformed, what));
        Assert.False(reader.Next());
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_leave_the_message()
    {
        var random = new Random(1);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(bytes);
            var reader = new ProtobufReader(bytes.AsSpan(0, random.Next(bytes.Length)));
            int last = 0;
            while (reader.Next())
            {
                Assert.True(reader.Position > last && reader.FieldStart == last, Convert.ToHexString(bytes));
                last = reader.Position;
            }
        }
    }
}

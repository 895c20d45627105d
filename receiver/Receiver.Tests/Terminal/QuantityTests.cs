using EbpfReceiver.Terminal;

namespace EbpfReceiver.Tests.Terminal;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1229, "1.2 KiB")]
    [InlineData(34816, "34 KiB")]
    [InlineData(1048575, "1 MiB")]
    [InlineData(1.5e12, "1.36 TiB")]
    public void Bytes_have_binary_units(double bytes, string text) => Assert.Equal(text, Quantity.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(9.5e-7, "950 ns")]
    [InlineData(0.000012, "12 µs")]
    [InlineData(0.00134, "1.34 ms")]
    [InlineData(0.9999, "1 s")]
    [InlineData(2.5, "2.5 s")]
    [InlineData(185, "3 min 5 s")]
    [InlineData(7440, "2 h 4 min")]
    public void Durations_have_the_unit_that_fits(double seconds, string text) => Assert.Equal(text, Quantity.Seconds(seconds));

    [Fact]
    public void Counts_have_separators() => Assert.Equal("1,234,567", Quantity.Count(1234567));
}

using EbpfReceiver.Identity;

namespace EbpfReceiver.Tests.Identity;

public class NamesTests
{
    [Theory]
    [InlineData("/usr/bin/nginx")]
    [InlineData("/システム/bin/ü")]
    public void The_same_text_is_the_same_string(string text)
    {
        string first = Names.Of(System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Equal(text, first);
        Assert.Same(first, Names.Of(text.AsSpan()));
    }

    [Fact]
    public void Malformed_and_long_texts_are_given_as_they_are()
    {
        Assert.Equal("a\uFFFDb", Names.Of([(byte)'a', 0xFF, (byte)'b']));
        string longer = new('x', 300);
        Assert.Equal(longer, Names.Of(System.Text.Encoding.UTF8.GetBytes(longer)));
        Assert.Equal("", Names.Of(ReadOnlySpan<byte>.Empty));
    }
}

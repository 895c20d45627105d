using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class SourceLocationTests
{
    [Fact]
    public void A_location_reads_as_editors_take_it()
    {
        Assert.Equal("probes/vfs.yaml:3:14", new SourceLocation("probes/vfs.yaml", 3, 14).ToString());
        Assert.Equal("probes/vfs.yaml", new SourceLocation("probes/vfs.yaml").ToString());
    }
}

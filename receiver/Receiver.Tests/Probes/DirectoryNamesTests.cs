using EbpfReceiver.Bpf;
using EbpfReceiver.Probes.Libraries;

namespace EbpfReceiver.Tests.Probes;

public sealed class DirectoryNamesTests
{
    [Fact]
    public void The_names_are_those_that_the_platform_enumerates()
    {
        string directory = SharedLibraries.Directories.First(Directory.Exists);
        IEnumerable<string?> expected = Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName);

        Assert.Equal(expected.Order(StringComparer.Ordinal), DirectoryNames.Of(directory).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Links_that_lead_nowhere_are_named_too()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.CreateSymbolicLink(Path.Combine(directory, "libä.so"), "nowhere");
            File.WriteAllText(Path.Combine(directory, "plain"), "");

            Assert.Equal(["libä.so", "plain"], DirectoryNames.Of(directory).Order(StringComparer.Ordinal));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_directory_that_is_not_there_has_no_names() => Assert.Empty(DirectoryNames.Of("/nowhere"));
}

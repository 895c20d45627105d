using Xunit;

namespace EbpfReceiver.Bpf.Tests.Programs;

public sealed class OpenFilesTests
{
    [Fact]
    public void The_limit_of_open_files_is_raised_to_what_the_kernel_allows()
    {
        ulong raised = OpenFiles.RaiseLimit();
        // "Max open files            1048576              1048576              files"
        string[] limits = File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal))["Max open files".Length..]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(limits[1], limits[0]);
        Assert.Equal(limits[1], $"{raised}");
    }
}

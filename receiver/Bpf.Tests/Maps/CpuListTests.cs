using Xunit;

namespace EbpfReceiver.Bpf.Tests.Maps;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0\n", new[] { 0 })]
    [InlineData("0-3\n", new[] { 0, 1, 2, 3 })]
    [InlineData("0-1,4,6-7", new[] { 0, 1, 4, 6, 7 })]
    public void Ranges_and_numbers_are_read(string text, int[] expected) => Assert.Equal(expected, CpuList.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0-")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("0,,1")]
    [InlineData("0-99999999")]
    [InlineData("a")]
    public void What_is_no_list_is_refused(string text) => Assert.Throws<BpfFormatException>(() => CpuList.Parse(text));

    [Fact]
    public void This_machine_has_as_many_possible_cpus_as_sysfs_lists()
        => Assert.Equal(CpuList.Parse(File.ReadAllText("/sys/devices/system/cpu/possible")).Length, BpfMap.PossibleCpus);
}

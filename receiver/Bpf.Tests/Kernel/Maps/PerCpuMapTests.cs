using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class PerCpuMapTests
{
    [Theory]
    [InlineData(BpfMapType.PerCpuHash)]
    [InlineData(BpfMapType.LruPerCpuHash)]
    [InlineData(BpfMapType.PerCpuArray)]
    public void Each_cpu_has_its_value_whatever_its_size(BpfMapType type)
    {
        using var dense = KernelMap.Create(type, 4, 8, 64);
        using var odd = KernelMap.Create(type, 4, 3, 64);
        var counts = dense.AsPerCpu<uint, long>();
        var colours = odd.AsPerCpu<uint, Colour>();
        var cpus = BpfPerCpuMap<uint, long>.CpuCount;
        counts.Update(5, Enumerable.Range(1, cpus).Select(i => i * 1_000_000_007L).ToArray());
        colours.Update(5, Enumerable.Range(1, cpus).Select(i => new Colour((byte)i, 2, 3)).ToArray());
        var (numbers, rgb) = (new long[cpus], new Colour[cpus]);
        Assert.True(counts.TryLookup(5, numbers));
        Assert.True(colours.TryLookup(5, rgb));
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            Assert.Equal((cpu + 1) * 1_000_000_007L, numbers[cpu]);
            Assert.Equal(new Colour((byte)(cpu + 1), 2, 3), rgb[cpu]);
        }

        Assert.Equal(type == BpfMapType.PerCpuArray, counts.TryLookup(6, numbers));
        counts.Fill(5, 42);
        Assert.True(counts.TryLookup(5, numbers));
        Assert.All(numbers, n => Assert.Equal(42, n));
    }

    [Fact]
    public void Entries_are_taken_and_deleted_and_spans_that_are_too_short_are_refused()
    {
        using var map = KernelMap.Create(BpfMapType.PerCpuHash, 4, 12, 8);
        var typed = map.AsPerCpu<int, Odd>();
        var values = new Odd[BpfMap.PossibleCpus];
        typed.Fill(1, new(1, 2, 3));
        typed.Fill(2, new(4, 5, 6));
        Assert.True(typed.TryTake(1, values));
        Assert.All(values, v => Assert.Equal(new Odd(1, 2, 3), v));
        Assert.False(typed.TryTake(1, values));
        Assert.True(typed.Delete(2));
        Assert.False(typed.Delete(2));
        Assert.Throws<ArgumentException>(() => typed.TryLookup(1, []));
        Assert.Throws<ArgumentException>(() => typed.Update(1, new Odd[values.Length + 1]));
    }

    private readonly record struct Colour(byte R, byte G, byte B);

    private readonly record struct Odd(int A, int B, int C);
}

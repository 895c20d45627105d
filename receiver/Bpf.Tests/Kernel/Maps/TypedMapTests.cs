using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Views with types, on maps of every kind that has one value a key.</summary>
[Collection(KernelCollection.Name)]
public sealed class TypedMapTests
{
    [Theory]
    [InlineData(BpfMapType.Hash)]
    [InlineData(BpfMapType.LruHash)]
    [InlineData(BpfMapType.Array)]
    public void Values_are_read_written_added_and_replaced(BpfMapType type)
    {
        using var map = KernelMap.Create(type, 4, 16, 64);
        var typed = map.As<uint, Point>();
        var isArray = type == BpfMapType.Array;
        Assert.Equal(isArray, typed.TryLookup(7, out var value));
        Assert.Equal(default, value);
        Assert.Equal(!isArray, typed.TryAdd(7, new(1, 2)));
        Assert.False(typed.TryAdd(7, new(3, 4)));
        Assert.Equal(new Point(isArray ? 0 : 1, isArray ? 0 : 2), typed[7]);
        Assert.True(typed.TryReplace(7, new(5, 6)));
        Assert.Equal(new Point(5, 6), typed.LookupOrDefault(7));
        Assert.Equal(isArray, typed.TryReplace(8, new(5, 6)));
        typed[9] = new(-1, long.MinValue);
        Assert.Equal(new Point(-1, long.MinValue), typed[9]);
        Assert.Equal(new Point(8, 8), map.As<uint, Point>().LookupOrDefault(64, new(8, 8)));
    }

    [Fact]
    public void Entries_are_taken_once()
    {
        using var map = KernelMap.Create(BpfMapType.Hash, 8, 8, 16);
        var typed = map.As<long, long>();
        typed[1] = 11;
        Assert.True(typed.TryTake(1, out var value));
        Assert.Equal(11, value);
        Assert.False(typed.TryTake(1, out value));
        Assert.Equal(0, value);
        Assert.False(typed.Delete(1));
        Assert.Throws<KeyNotFoundException>(() => typed[1]);
    }

    [Fact]
    public void A_trie_finds_the_longest_prefix_and_gives_up_entries_though_it_has_no_operation_for_it()
    {
        using var map = KernelMap.Create(BpfMapType.LpmTrie, 8, 4, 16, BpfMapFlags.NoPreallocation);
        var typed = map.As<LpmKey<uint>, int>();
        typed[new(8, Address(10, 0, 0, 0))] = 8;
        typed[new(24, Address(10, 1, 2, 0))] = 24;
        Assert.Equal(24, typed[new(32, Address(10, 1, 2, 99))]);
        Assert.Equal(8, typed[new(32, Address(10, 1, 3, 1))]);
        Assert.False(typed.TryLookup(new(32, Address(11, 0, 0, 0)), out _));
        Assert.True(typed.TryTake(new(24, Address(10, 1, 2, 0)), out var taken));
        Assert.Equal(24, taken);
        Assert.Equal(8, typed[new(32, Address(10, 1, 2, 99))]);
        var e = Assert.Throws<BpfSyscallException>(() => typed[new(33, 0)] = 1);
        Assert.Contains("The length of the prefix may be longer than the key", e.Message, StringComparison.Ordinal);
        Assert.Equal([8], typed.Select(p => p.Value));

        static uint Address(byte a, byte b, byte c, byte d) => MemoryMarshal.Read<uint>([a, b, c, d]);
    }

    [Fact]
    public void An_lru_hash_makes_room_and_a_hash_says_that_it_is_full()
    {
        using var lru = KernelMap.Create(BpfMapType.LruHash, 4, 4, 128);
        using var hash = KernelMap.Create(BpfMapType.Hash, 4, 4, 128);
        var (forgets, fills) = (lru.As<int, int>(), hash.As<int, int>());
        for (var i = 0; i < 1000; i++)
            forgets[i] = i;
        Assert.Equal(999, forgets[999]);
        Assert.InRange(forgets.Count(), 1, 128);
        for (var i = 0; i < 128; i++)
            fills[i] = i;
        var e = Assert.Throws<BpfSyscallException>(() => fills[128] = 1);
        Assert.Equal(
            "Updating map test failed: bpf(BPF_MAP_UPDATE_ELEM) answered E2BIG (Argument list too long). "
                + "The map is full: it holds at most 128 entries. Make it with more (MapSpec.MaxEntries).",
            e.Message);
        Assert.Throws<BpfSyscallException>(() => fills.TryAdd(128, 1));
        Assert.Equal(128, fills.Count());
    }

    [Fact]
    public void Arrays_say_where_they_end_and_that_they_delete_nothing()
    {
        using var map = KernelMap.Create(BpfMapType.Array, 4, 4, 10);
        var typed = map.As<uint, uint>();
        Assert.Contains("Its indices go from 0 to 9.", Assert.Throws<BpfSyscallException>(() => typed[10] = 1).Message,
            StringComparison.Ordinal);
        Assert.False(typed.TryLookup(10, out _));
        Assert.Contains("This kernel does not do that with a map of the kind Array.",
            Assert.Throws<BpfSyscallException>(() => typed.Delete(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_of_other_sizes_are_refused_when_the_view_is_made()
    {
        using var map = KernelMap.Create(BpfMapType.Hash, 8, 12, 4);
        using var perCpu = KernelMap.Create(BpfMapType.PerCpuHash, 4, 12, 4);
        using var queue = KernelMap.Create(BpfMapType.Queue, 0, 4, 4);
        Assert.Equal("Map test has keys of 8 bytes, and UInt32 has 4.", Refusal(() => map.As<uint, int>()));
        Assert.Equal("Map test has values of 12 bytes, and Int64 has 8.", Refusal(() => map.As<ulong, long>()));
        Assert.Equal("Map test has a value for each CPU: use AsPerCpu.", Refusal(() => perCpu.As<uint, Triple>()));
        Assert.Equal("Map test has values of 12 bytes (in each CPU's place 16), and Int64 has 8.", Refusal(() => perCpu.AsPerCpu<uint,
            long>()));
        Assert.Equal("Map test is of the kind Hash, which can't be used as a map with a value for each CPU.",
            Refusal(() => map.AsPerCpu<ulong, Triple>()));
        Assert.Equal("Map test is of the kind Queue, which has no keys.", Refusal(() => queue.As<uint, uint>()));
        Assert.Equal("Map test is of the kind Queue, which can't be used as a bloom filter.", Refusal(() => queue.AsBloomFilter<uint>()));
        Assert.NotNull(perCpu.AsPerCpu<uint, Triple>());
        Assert.NotNull(perCpu.AsPerCpu<uint, Point>()); // 16 bytes: rounded up
        Assert.NotNull(map.As<long, Triple>());

        static string Refusal(Action action) => Assert.Throws<BpfException>(action).Message;
    }

    [Fact]
    public void Single_operations_allocate_nothing()
    {
        using var map = KernelMap.Create(BpfMapType.Hash, 4, 16, 64);
        var typed = map.As<uint, Point>();
        Use();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Use();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Use()
        {
            typed[1] = new(1, 2);
            typed.TryLookup(1, out _);
            typed.TryAdd(1, default);
            typed.TryReplace(1, new(3, 4));
            typed.TryTake(1, out _);
            typed.Delete(1);
        }
    }

    private readonly record struct Point(long X, long Y);

    private readonly record struct Triple(int A, int B, int C);
}

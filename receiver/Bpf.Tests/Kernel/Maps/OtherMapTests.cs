using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Maps without keys, and maps of what is no data.</summary>
[Collection(KernelCollection.Name)]
public sealed class OtherMapTests
{
    [Theory]
    [InlineData(BpfMapType.Queue, 1, 2, 3)]
    [InlineData(BpfMapType.Stack, 3, 2, 1)]
    public void Queues_and_stacks_give_in_their_order(BpfMapType type, params int[] order)
    {
        using var map = KernelMap.Create(type, 0, 4, 3);
        var typed = map.AsQueue<int>();
        Assert.False(typed.TryPop(out _));
        Assert.True(typed.TryPush(1) && typed.TryPush(2) && typed.TryPush(3));
        Assert.False(typed.TryPush(4));
        Assert.True(typed.TryPeek(out var peeked));
        Assert.Equal(order[0], peeked);
        foreach (var expected in order)
        {
            Assert.True(typed.TryPop(out var value));
            Assert.Equal(expected, value);
        }

        Assert.False(typed.TryPeek(out _));
        for (var i = 0; i < 10; i++)
            typed.Push(i); // the oldest goes
        Assert.True(typed.TryPop(out var next));
        Assert.Equal(type == BpfMapType.Queue ? 7 : 9, next);
    }

    [Fact]
    public void A_bloom_filter_finds_what_was_added()
    {
        using var map = KernelMap.Create(BpfMapType.BloomFilter, 0, 8, 1000, extra: 3);
        var typed = map.AsBloomFilter<ulong>();
        for (var i = 0UL; i < 500; i++)
            typed.Add(i * 0x9e3779b97f4a7c15);
        for (var i = 0UL; i < 500; i++)
            Assert.True(typed.MayContain(i * 0x9e3779b97f4a7c15));
        Assert.InRange(Enumerable.Range(1, 10_000).Count(i => typed.MayContain((ulong)i)), 0, 2000);
    }

    [Theory]
    [InlineData(BpfMapType.ArrayOfMaps)]
    [InlineData(BpfMapType.HashOfMaps)]
    public void Inner_maps_are_put_in_found_again_and_outlive_those_who_made_them(BpfMapType type)
    {
        var template = KernelMap.Spec(BpfMapType.Hash, 4, 8, 16);
        using var outer = KernelMap.Create(type, 4, 4, 4, inner: template);
        var typed = outer.AsMapOfMaps<uint>();
        Assert.Null(typed.Get(1));
        int id;
        using (var inner = BpfMap.Create(template))
        {
            id = inner.Id;
            inner.As<int, long>()[5] = 55;
            typed.Put(1, inner);
        }

        Assert.True(typed.TryGetId(1, out var found));
        Assert.Equal(id, found);
        using (var again = typed.Get(1))
            Assert.Equal(55, again!.As<int, long>()[5]);
        using var other = KernelMap.Create(BpfMapType.Hash, 4, 4, 16);
        var e = Assert.Throws<BpfSyscallException>(() => typed.Put(2, other));
        Assert.Contains("has to be a map of the same kind and sizes as the template", e.Message, StringComparison.Ordinal);
        Assert.True(typed.Delete(1));
        Assert.False(typed.TryGetId(1, out _));
        // The kernel lets go of it when nobody uses it any more, a moment later.
        Eventually.Holds(() => !Exists(id));

        static bool Exists(int id)
        {
            try
            {
                BpfMap.OpenById(id).Dispose();
                return true;
            }
            catch (BpfSyscallException gone) when (gone.ErrorName == "ENOENT")
            {
                return false;
            }
        }
    }

    [Fact]
    public void A_map_of_maps_without_a_template_is_refused_with_the_reason()
    {
        KernelAccess.Require();
        var e = Assert.Throws<BpfSyscallException>(() => BpfMap.Create(KernelMap.Spec(BpfMapType.ArrayOfMaps, 4, 4, 4)));
        Assert.Contains("MapSpec.Inner", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stacks_are_read_by_the_ids_that_programs_got()
    {
        KernelAccess.Require();
        using var rings = KernelAccess.Create("rings", ("target", (uint)Environment.ProcessId));
        using (rings.Load("on_stack").Attach())
            Getpgid.Call(1);
        var stacks = rings.Map("stacks").AsStackTraces();
        var frames = new ulong[stacks.MaxFrames];
        Assert.Equal(32, frames.Length);
        var id = rings.Map("last_stack").As<uint, long>()[0];
        Assert.InRange(id, 0, 63);
        var count = stacks.Read((uint)id, frames);
        Assert.InRange(count, 1, 32);
        Assert.All(frames[..count], f => Assert.True(f > 1UL << 63)); // of the kernel
        Assert.True(stacks.Delete((uint)id));
        Assert.Equal(0, stacks.Read((uint)id, frames));
        Assert.False(stacks.Delete((uint)id));
        Assert.Throws<ArgumentException>(() => stacks.Read(0, new ulong[31]));
    }

    [Fact]
    public void Programs_are_put_into_an_array_of_their_own()
    {
        using var programs = KernelMap.Create(BpfMapType.ProgramArray, 4, 4, 4);
        using var bpf = KernelAccess.Create("maps");
        var program = bpf.Load("touches_them");
        var array = programs.AsProgramArray();
        array.Put(2, program);
        Assert.True(array.TryGetId(2, out var id));
        Assert.Equal(program.Id, id);
        Assert.False(array.TryGetId(1, out _));
        Assert.True(array.Delete(2));
        Assert.False(array.Delete(2));
    }

    [Fact]
    public void Cgroups_are_put_into_an_array_of_their_own()
    {
        using var cgroups = KernelMap.Create(BpfMapType.CgroupArray, 4, 4, 4);
        var e = Assert.Throws<BpfSyscallException>(() => cgroups.AsCgroupArray().Put(0, "/no/such/directory"));
        Assert.StartsWith("Opening the directory /no/such/directory failed", e.Message, StringComparison.Ordinal);
        // Beside those of version 1 they are one level down.
        string[] roots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
        var root = Array.Find(roots, r => File.Exists($"{r}/cgroup.controllers"));
        Assert.SkipWhen(root is null, "No cgroups of version 2 below /sys/fs/cgroup.");
        cgroups.AsCgroupArray().Put(0, root!);
        Assert.True(cgroups.AsCgroupArray().Delete(0));
        Assert.False(cgroups.AsCgroupArray().Delete(0));
    }

    [Fact]
    public void Mapped_arrays_are_shared_memory_and_frozen_ones_are_mapped_for_reading()
    {
        using var map = KernelMap.Create(BpfMapType.Array, 4, 12, 1000, BpfMapFlags.Mappable);
        using (var memory = map.Map<Triple>())
        {
            Assert.Equal(1000, memory.Length);
            memory[999] = new(1, 2, 3);
            memory[1].B = 7;
            Assert.Equal(new Triple(1, 2, 3), map.As<uint, Triple>()[999]);
            Assert.Equal(new Triple(0, 7, 0), map.As<uint, Triple>()[1]);
            map.As<uint, Triple>()[2] = new(9, 9, 9);
            Assert.Equal(new Triple(9, 9, 9), memory[2]);
            Assert.Throws<IndexOutOfRangeException>(() => memory[1000]);
            Assert.Equal("EBUSY", Assert.Throws<BpfSyscallException>(map.Freeze).ErrorName);
        }

        map.Freeze();
        Assert.True(map.Info().IsFrozen);
        using (var memory = map.Map<Triple>(readOnly: true))
            Assert.Equal(9, memory[2].C);
        Assert.Contains("mapped for reading only", Assert.Throws<BpfSyscallException>(() => map.Map<Triple>()).Message,
            StringComparison.Ordinal);
        using var plain = KernelMap.Create(BpfMapType.Array, 4, 4, 1);
        Assert.Contains("BpfMapFlags.Mappable", Assert.Throws<BpfException>(() => plain.Map<int>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Global_variables_are_mapped_when_their_section_asks_for_it()
    {
        KernelAccess.Require();
        var spec = KernelAccess.Spec("samples");
        spec.Maps[".bss"].Flags |= (uint)BpfMapFlags.Mappable;
        spec.SetConstant("target", (uint)Environment.ProcessId);
        using var samples = BpfObject.Create(spec, new BpfObjectOptions { KernelTypes = KernelAccess.KernelTypes });
        using var variables = samples.Map(".bss").Map<Variables>();
        using (samples.Load("on_getpgid").Attach())
            Getpgid.Sample(3);
        Assert.Equal(new Variables(3, 0, 3), variables[0]); // nobody reads the buffers
    }

    private readonly record struct Variables(ulong Produced, ulong Refused, ulong Failed);

    private record struct Triple(int A, int B, int C);
}

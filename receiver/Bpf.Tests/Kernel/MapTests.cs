using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class MapTests
{
    [Fact]
    public void An_entry_is_found_replaced_and_deleted()
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var hash = maps.Map("hash");
        Span<byte> key = stackalloc byte[8];
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(key, 7);
        Assert.False(hash.TryLookup(key, value));
        BinaryPrimitives.WriteUInt64LittleEndian(value, 0x1122334455667788);
        hash.Update(key, value);
        value.Clear();
        Assert.True(hash.TryLookup(key, value));
        Assert.Equal(0x1122334455667788UL, BinaryPrimitives.ReadUInt64LittleEndian(value));
        Assert.True(hash.Delete(key));
        Assert.False(hash.Delete(key));
        Assert.False(hash.TryLookup(key, value));
    }

    [Fact]
    public void A_snapshot_has_every_entry_of_a_hash_once()
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var hash = maps.Map("hash");
        Span<uint> key = stackalloc uint[2];
        for (uint i = 0; i < 5000; i++)
        {
            (key[0], key[1]) = (i, ~i);
            ulong value = i * 3UL;
            hash.Update(MemoryMarshal.AsBytes(key), MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)));
        }

        var snapshot = new MapSnapshot();
        Assert.Equal(5000, snapshot.Refresh(hash));
        Assert.Equal(1, snapshot.CpuCount);
        var seen = new HashSet<uint>();
        for (var i = 0; i < snapshot.Count; i++)
        {
            var pair = MemoryMarshal.Cast<byte, uint>(snapshot.Key(i));
            Assert.Equal(~pair[0], pair[1]);
            Assert.Equal(pair[0] * 3UL, BinaryPrimitives.ReadUInt64LittleEndian(snapshot.Value(i)));
            Assert.True(seen.Add(pair[0]));
        }

        Assert.Equal(5000, seen.Count);
    }

    [Theory]
    [InlineData("percpu_hash", 300)]
    [InlineData("percpu_array", 10)]
    public void Per_cpu_values_of_an_odd_size_are_told_apart(string name, int entries)
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var map = maps.Map(name);
        Assert.Equal(12, map.ValueSize);
        Assert.Equal(16, map.ValueStride);
        Assert.Equal(16 * BpfMap.PossibleCpus, map.EntryBytes);
        var value = new byte[map.EntryBytes];
        for (var i = 0; i < entries; i++)
        {
            for (var cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
                value.AsSpan(cpu * 16, 12).Fill((byte)(i + 100 * cpu));
            map.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in i)), value);
        }

        var snapshot = new MapSnapshot();
        Assert.Equal(entries, snapshot.Refresh(map));
        Assert.Equal(BpfMap.PossibleCpus, snapshot.CpuCount);
        for (var i = 0; i < entries; i++)
        {
            var key = BinaryPrimitives.ReadInt32LittleEndian(snapshot.Key(i));
            for (var cpu = 0; cpu < snapshot.CpuCount; cpu++)
                Assert.Equal(Enumerable.Repeat((byte)(key + 100 * cpu), 12), snapshot.Value(i, cpu).ToArray());
        }
    }

    [Fact]
    public void A_snapshot_of_an_array_has_all_indices_and_one_of_an_empty_hash_has_none()
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var snapshot = new MapSnapshot();
        Assert.Equal(0, snapshot.Refresh(maps.Map("hash")));
        Assert.Equal(100, snapshot.Refresh(maps.Map("array")));
        for (var i = 0; i < 100; i++)
            Assert.Equal(i, BinaryPrimitives.ReadInt32LittleEndian(snapshot.Key(i)));
        Assert.Throws<ArgumentOutOfRangeException>(() => snapshot.Key(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => snapshot.Value(0, 1));
    }

    [Theory]
    [InlineData("trie", 40)]
    [InlineData("hash", 1000)]
    [InlineData("percpu_hash", 200)]
    [InlineData("percpu_array", 10)]
    public void Keys_walked_one_by_one_give_what_batches_give(string name, int entries)
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var map = maps.Map(name);
        var key = new byte[map.KeySize];
        var value = new byte[map.EntryBytes];
        for (var i = 0; i < entries; i++)
        {
            key.AsSpan().Clear();
            // A trie's key begins with the length of its prefix in bits.
            if (name == "trie")
                (key[0], key[4]) = (32, (byte)i);
            else
                BinaryPrimitives.WriteInt32LittleEndian(key, i);
            value.AsSpan().Fill((byte)i);
            map.Update(key, value);
        }

        var batched = new MapSnapshot();
        var walked = new MapSnapshot { WithoutBatches = true };
        Assert.Equal(entries, batched.Refresh(map));
        Assert.Equal(entries, walked.Refresh(map));
        Assert.Equal(Entries(batched), Entries(walked));
    }

    [Fact]
    public void Refreshing_allocates_nothing_once_the_map_was_read()
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var map = maps.Map("percpu_hash");
        var value = new byte[map.EntryBytes];
        for (var i = 0; i < 300; i++)
            map.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in i)), value);
        var snapshot = new MapSnapshot();
        snapshot.Refresh(map);
        snapshot.Refresh(map);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            snapshot.Refresh(map);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_full_map_refuses_another_entry_and_says_so()
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        var map = maps.Map("percpu_hash");
        var value = new byte[map.EntryBytes];
        for (var i = 0; i < 300; i++)
            map.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in i)), value);
        var e = Assert.Throws<BpfSyscallException>(() => map.Update(new byte[] { 0xff, 0xff, 0xff, 0xff }, value));
        Assert.Equal("E2BIG", e.ErrorName);
        Assert.StartsWith("Updating map percpu_hash failed: bpf(BPF_MAP_UPDATE_ELEM) answered E2BIG", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shared_maps_are_used_in_place_of_the_objects_own_and_outlive_it()
    {
        KernelAccess.Require();
        using var owner = KernelAccess.Create("maps");
        var shared = new Dictionary<string, BpfMap> { ["hash"] = owner.Map("hash") };
        using (var user = BpfObject.Create(KernelAccess.Spec("maps"), new BpfObjectOptions { SharedMaps = shared }))
        {
            Assert.Same(owner.Map("hash"), user.Map("hash"));
            Assert.NotEqual(owner.Map("array").Id, user.Map("array").Id);
        }

        owner.Map("hash").Update(new byte[8], new byte[8]);
        shared["hash"] = owner.Map("array");
        var e = Assert.Throws<BpfException>(
            () => BpfObject.Create(KernelAccess.Spec("maps"), new BpfObjectOptions { SharedMaps = shared }));
        Assert.StartsWith("Map hash of maps (hash: Hash, key 8 B, value 8 B, 5000 entries) can't be shared with array", e.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_can_be_changed_before_the_maps_are_made_and_their_memory_is_told()
    {
        KernelAccess.Require();
        var spec = KernelAccess.Spec("maps");
        spec.Maps["hash"].MaxEntries = 100_000;
        using var large = BpfObject.Create(spec);
        using var small = KernelAccess.Create("maps");
        Assert.Equal(100_000u, large.Map("hash").MaxEntries);
        Assert.InRange(large.Map("hash").MemoryBytes, 100_000 * 16, 100_000 * 200);
        Assert.True(small.Map("hash").MemoryBytes < large.Map("hash").MemoryBytes / 10);
    }

    [Fact]
    public void A_program_tells_the_maps_it_uses_and_their_memory()
    {
        KernelAccess.Require();
        using var maps = KernelAccess.Create("maps");
        using var other = KernelMap.Create(BpfMapType.Hash, 4, 4, 1000);
        var program = maps.Load("touches_them");
        string[] names = ["hash", "percpu_hash", "array", "percpu_array", "trie", ".rodata"];
        Assert.Equal(names.Select(n => maps.Map(n).Id).Order(), program.MapIds().Order());
        Assert.Equal(names.Sum(n => maps.Map(n).MemoryBytes), program.MapMemoryBytes([.. maps.Maps.Values, other]));
        Assert.InRange(program.MapMemoryBytes(maps.Maps.Values), 5000 * 16, 10_000_000);
    }

    [Fact]
    public void Bpftool_prints_what_was_written_by_the_objects_types()
    {
        KernelAccess.Require();
        Assert.SkipUnless(Bpftool.IsThere, "Needs bpftool and CAP_SYS_ADMIN.");
        using var maps = KernelAccess.Create("maps", ("constant", 0xabcdu));
        var hash = maps.Map("hash");
        Span<uint> key = [3, 4];
        ulong value = 99;
        hash.Update(MemoryMarshal.AsBytes(key), MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)));
        var entry = Bpftool.Run("map", "dump", "id", $"{hash.Id}").Json[0].GetProperty("formatted");
        Assert.Equal(4, entry.GetProperty("key").GetProperty("second").GetInt32());
        Assert.Equal(99, entry.GetProperty("value").GetInt32());
        var rodata = Bpftool.Run("map", "show", "id", $"{maps.Map(".rodata").Id}").Json;
        Assert.Equal("maps.rodata", rodata.GetProperty("name").GetString());
        Assert.Equal(1, rodata.GetProperty("frozen").GetInt32());
    }

    private static SortedDictionary<string, string> Entries(MapSnapshot snapshot)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < snapshot.Count; i++)
        {
            var values = "";
            for (var cpu = 0; cpu < snapshot.CpuCount; cpu++)
                values += Convert.ToHexString(snapshot.Value(i, cpu)) + " ";
            entries.Add(Convert.ToHexString(snapshot.Key(i)), values);
        }

        return entries;
    }
}

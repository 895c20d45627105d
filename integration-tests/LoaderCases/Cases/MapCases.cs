using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Kinds of map, from both sides (Objects/maps.bpf.c and queues.bpf.c).</summary>
internal static class MapCases
{
    private const int Entries = 100;

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("map.hash", _ => Hash()),
        new("map.array", _ => Array()),
        new("map.percpu", _ => PerCpu()),
        new("map.lru", _ => Lru()),
        new("map.lpm_trie", _ => Trie()),
        new("map.stack_trace", Stacks),
        new("map.queue_and_stack", _ => Queues()),
    ];

    private static void Hash()
    {
        using var maps = CaseRun.Create("maps");
        var hash = maps.Object.Map("hash");
        for (uint i = 0; i < Entries; i++)
            hash.Update(Bytes(i, ~i), Bytes(3UL * i));
        maps.Run("on_hash");
        var snapshot = new MapSnapshot();
        CaseRun.Equal(Entries / 2 + 1, snapshot.Refresh(hash), "entries");
        for (var i = 0; i < snapshot.Count; i++)
        {
            var key = MemoryMarshal.Cast<byte, uint>(snapshot.Key(i));
            var expected = key[1] == 5 ? 77 : 3UL * key[0] + 1;
            CaseRun.Equal(expected, MemoryMarshal.Read<ulong>(snapshot.Value(i)), $"value of {key[0]}, {key[1]}");
        }
    }

    private static void Array()
    {
        using var maps = CaseRun.Create("maps");
        var array = maps.Object.Map("array");
        for (uint i = 0; i < Entries; i++)
            array.Update(Bytes(i), Bytes((ulong)i * i));
        maps.Run("on_array");
        var value = 0UL;
        for (uint i = 0; i < Entries; i++)
        {
            CaseRun.True(array.TryLookup(Bytes(i), MemoryMarshal.AsBytes(new Span<ulong>(ref value))), $"no entry {i}");
            CaseRun.Equal((ulong)i * i + 1, value, $"entry {i}");
        }
    }

    private static void PerCpu()
    {
        using var maps = CaseRun.Create("maps");
        BpfMap hash = maps.Object.Map("percpu_hash"), array = maps.Object.Map("percpu_array");
        byte[] odd = new byte[hash.EntryBytes], numbers = new byte[array.EntryBytes];
        for (var cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
        {
            for (var b = 0; b < 12; b++)
                odd[cpu * hash.ValueStride + b] = (byte)(16 * cpu + b);
            MemoryMarshal.Write(numbers.AsSpan(8 * cpu), 1000UL * (uint)cpu);
        }

        hash.Update(Bytes(7U), odd);
        array.Update(Bytes(1U), numbers);
        var ran = (int)maps.Run("on_percpu").Facts[0];
        CaseRun.True(hash.TryLookup(Bytes(7U), odd) && array.TryLookup(Bytes(1U), numbers), "the entries are gone");
        for (var cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
        {
            CaseRun.Equal(1000UL * (uint)cpu + (cpu == ran ? 5U : 0), MemoryMarshal.Read<ulong>(numbers.AsSpan(8 * cpu)), $"number of CPU {cpu}");
            CaseRun.Equal(cpu == ran ? (byte)0xee : (byte)(16 * cpu + 11), odd[cpu * hash.ValueStride + 11], $"last byte of CPU {cpu}");
        }

        // What a program makes is 0 on the other CPUs.
        CaseRun.True(hash.TryLookup(Bytes(8U), odd), "the entry of the program is not there");
        for (var cpu = 0; cpu < BpfMap.PossibleCpus; cpu++)
            CaseRun.Equal(cpu == ran ? (byte)12 : (byte)0, odd[cpu * hash.ValueStride + 11], $"CPU {cpu} of the program's entry");
    }

    private static void Lru()
    {
        using var maps = CaseRun.Create("maps");
        maps.Run("on_lru");
        foreach (var name in (string[])["lru", "percpu_lru"])
        {
            var snapshot = new MapSnapshot();
            var count = snapshot.Refresh(maps.Object.Map(name));
            CaseRun.True(count is > 0 and <= Entries, $"{name} has {count} entries");
            for (var i = 0; i < count; i++)
            {
                var sum = 0UL;
                for (var cpu = 0; cpu < snapshot.CpuCount; cpu++)
                    sum += MemoryMarshal.Read<ulong>(snapshot.Value(i, cpu));
                CaseRun.Equal(MemoryMarshal.Read<uint>(snapshot.Key(i)) + 1UL, sum, $"value of an entry of {name}");
            }
        }
    }

    private static void Trie()
    {
        using var maps = CaseRun.Create("maps");
        var trie = maps.Object.Map("trie");
        trie.Update([0, 0, 0, 0, 0, 0, 0, 0], Bytes(1U));
        trie.Update([8, 0, 0, 0, 10, 0, 0, 0], Bytes(2U));
        trie.Update([16, 0, 0, 0, 10, 1, 0, 0], Bytes(3U));
        maps.Run("on_trie");
        var value = 0U;
        CaseRun.True(trie.TryLookup([32, 0, 0, 0, 11, 2, 3, 9], MemoryMarshal.AsBytes(new Span<uint>(ref value))), "no prefix of 11.2.3.9");
        CaseRun.Equal(4U, value, "the prefix that the program made");
        CaseRun.True(trie.Delete([24, 0, 0, 0, 11, 2, 3, 0]), "the prefix can't be deleted");
        CaseRun.Equal(3, new MapSnapshot().Refresh(trie), "entries");
    }

    private static void Stacks(CaseRun run)
    {
        using var maps = CaseRun.Create("maps");
        var verdict = maps.Run("on_stacks");
        var stacks = maps.Object.Map("stacks");
        var frames = new ulong[127];
        CaseRun.True(stacks.TryLookup(Bytes((uint)verdict.Facts[0]), MemoryMarshal.AsBytes(frames.AsSpan())), "no stack of the kernel");
        CaseRun.True((long)frames[0] < 0, $"{frames[0]:x} is no address of the kernel");
        run.Fact("kernel_frames", frames.Count(frame => frame != 0));
        CaseRun.True(stacks.TryLookup(Bytes((uint)verdict.Facts[1]), MemoryMarshal.AsBytes(frames.AsSpan())), "no stack of the process");
        CaseRun.True((long)frames[0] > 0, $"{frames[0]:x} is no address of the process");
        run.Fact("user_frames", frames.Count(frame => frame != 0));
    }

    private static void Queues()
    {
        using var queues = CaseRun.Create("queues");
        queues.Run("on_queues");
    }

    private static ReadOnlySpan<byte> Bytes(uint value) => BitConverter.GetBytes(value);

    private static ReadOnlySpan<byte> Bytes(ulong value) => BitConverter.GetBytes(value);

    private static ReadOnlySpan<byte> Bytes(uint first, uint second) => BitConverter.GetBytes((ulong)second << 32 | first);
}

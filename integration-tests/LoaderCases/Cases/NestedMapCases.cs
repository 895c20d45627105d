using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Maps of maps and programs, and kinds of map that came later.</summary>
internal static class NestedMapCases
{
    private const string PinDirectory = "/sys/fs/bpf/loader-cases";

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("map.of_maps", _ => OfMaps()),
        new("map.of_programs", _ => OfPrograms()),
        new("map.bloom_filter", Bloom),
        new("map.task_storage", TaskStorage),
        new("map.mapped", _ => Mapped()),
        new("map.batches", _ => Batches()),
        new("map.iteration", _ => Iteration()),
        new("map.pinned_by_name", _ => Pinned()),
    ];

    private static void OfMaps()
    {
        using var nested = CaseRun.Create("nested");
        using var inner = BpfMap.Create(new MapSpec("inner", BpfMapType.Array, 4, 8, 4));
        var numbers = inner.As<uint, ulong>();
        for (uint i = 0; i < 4; i++)
            numbers.Update(i, 11 + i);
        var array = nested.Object.Map("array_of_maps").AsMapOfMaps<uint>();
        var hash = nested.Object.Map("hash_of_maps").AsMapOfMaps<ulong>();
        array.Put(5, inner);
        hash.Put(1UL << 40, inner);
        nested.Run("on_maps");
        CaseRun.Equal(113UL, numbers[2], "what the program wrote into the inner map");
        CaseRun.Equal(55UL, nested.Object.Map("first").As<uint, ulong>()[2], "what the program wrote into the one of the object");
        CaseRun.True(hash.TryGetId(1UL << 40, out var id), "the hash has no map");
        CaseRun.Equal(inner.Id, id, "id of the inner map");
        using (var again = array.Get(5))
            CaseRun.Equal(113UL, again!.As<uint, ulong>()[2], "the inner map by its id");
        CaseRun.True(hash.Delete(1UL << 40) && !hash.TryGetId(1UL << 40, out _), "the inner map can't be taken out");
    }

    private static void OfPrograms()
    {
        using var nested = CaseRun.Create("nested");
        nested.Object.Map("programs").AsProgramArray().Put(2, nested.Object.Load("called"));
        var verdict = nested.Run("calls");
        CaseRun.Equal((77UL, 1UL), (verdict.Facts[0], verdict.Facts[1]), "what the called program and its caller left");
    }

    private static void Bloom(CaseRun run)
    {
        using var bloom = CaseRun.Create("bloom");
        var filter = bloom.Object.Map("filter").AsBloomFilter<uint>();
        for (uint i = 0; i < 300; i += 3)
            filter.Add(i);
        run.Fact("wrong", bloom.Run("on_filter").Facts[0]);
        CaseRun.True(filter.MayContain(297), "297 was added");
    }

    private static void TaskStorage(CaseRun run)
    {
        using var storage = CaseRun.Create("storage");
        using (storage.Object.Load("on_task").Attach())
        {
            SystemCall.SetName("loader-cases\0"u8);
            SystemCall.SetName("loader-cases\0"u8);
        }

        // Kernels of late allocate it without locks, which takes cmpxchg16b, and that is kept from our guests.
        var verdict = storage.Passed("on_task", 2);
        var withoutMemory = CaseRun.Release >= 6018 && !File.ReadAllText("/proc/cpuinfo").Contains(" cx16 ", StringComparison.Ordinal);
        run.Fact("without_memory", withoutMemory);
        CaseRun.Equal(withoutMemory ? (0UL, 2UL) : (42UL, 0UL), (verdict.Facts[0], verdict.Facts[1]), "what the task kept, and failures");
    }

    private static void Mapped()
    {
        using var mapped = CaseRun.Create("mapped");
        using var memory = mapped.Object.Map("mapped").Map<ulong>();
        for (var i = 0; i < 1000; i++)
            memory[i] = (ulong)i + 7;
        mapped.Run("on_mapped");
        for (var i = 0; i < 1000; i++)
            CaseRun.Equal(2UL * ((ulong)i + 7), memory[i], $"element {i}");
    }

    /// <summary>In batches where the kernel has them for the kind of map, else one by one: the same result.</summary>
    private static void Batches()
    {
        foreach (var type in (BpfMapType[])[BpfMapType.Hash, BpfMapType.Array, BpfMapType.LruHash])
        {
            using var map = BpfMap.Create(new MapSpec("batches", type, 4, 8, 1000));
            var numbers = map.As<uint, ulong>();
            var keys = Enumerable.Range(0, 1000).Select(i => (uint)i).ToArray();
            numbers.UpdateBatch(keys, keys.Select(key => 3UL * key).ToArray());
            var cursor = new BpfMapCursor(map);
            var (seen, read, values) = (new HashSet<uint>(), new uint[300], new ulong[300]);
            while (!cursor.IsAtEnd)
            {
                var count = numbers.LookupBatch(cursor, read, values);
                for (var i = 0; i < count; i++)
                {
                    CaseRun.Equal(3UL * read[i], values[i], $"value of {read[i]}");
                    CaseRun.True(seen.Add(read[i]), $"{read[i]} came twice");
                }
            }

            // Of an LRU hash the kernel may have dropped some.
            CaseRun.True(type == BpfMapType.LruHash ? seen.Count is > 500 and <= 1000 : seen.Count == 1000, $"{type} gave {seen.Count} entries");
            if (type == BpfMapType.Hash)
                CaseRun.Equal(1000, numbers.DeleteBatch(keys), "deleted");
        }
    }

    private static void Iteration()
    {
        using var map = BpfMap.Create(new MapSpec("iteration", BpfMapType.Hash, 4, 8, 500));
        var numbers = map.As<uint, ulong>();
        for (uint i = 0; i < 500; i++)
            CaseRun.True(numbers.TryAdd(i, 2 * i), $"{i} can't be added");
        CaseRun.True(!numbers.TryAdd(5, 1), "5 was added twice");
        CaseRun.Equal(500, numbers.Count(), "entries");
        CaseRun.Equal(500UL * 499, numbers.Aggregate(0UL, (sum, entry) => sum + entry.Value), "sum");
        CaseRun.True(numbers.TryTake(7, out var seven) && seven == 14 && !numbers.TryLookup(7, out _), "7 can't be taken");
        numbers.Update(500, 0); // in the place of 7
        CaseRun.Refused(() => numbers.Update(501, 0), "an entry too many");
    }

    private static void Pinned()
    {
        Directory.CreateDirectory(PinDirectory);
        try
        {
            for (var time = 1; time <= 2; time++)
            {
                using var pinned = new CheckedObject(BpfObject.Create(CaseRun.Spec("pinned"),
                    new BpfObjectOptions { KernelTypes = CaseRun.KernelTypes, PinDirectory = PinDirectory }));
                pinned.Run("counts");
                CaseRun.Equal((ulong)time, pinned.Object.Map("pinned_counts").As<uint, ulong>()[3], "the count that is kept");
            }

            using var opened = BpfMap.OpenPinned(Path.Combine(PinDirectory, "pinned_counts"));
            CaseRun.Equal(2UL, opened.As<uint, ulong>()[3], "the count by the path");
        }
        finally
        {
            File.Delete(Path.Combine(PinDirectory, "pinned_counts"));
            Directory.Delete(PinDirectory);
        }
    }
}

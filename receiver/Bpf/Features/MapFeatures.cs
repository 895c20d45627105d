using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries maps: each type by making one, and what can be done with them.</summary>
internal static unsafe class MapFeatures
{
    private const uint NoPreallocation = 1; // BPF_F_NO_PREALLOC
    private const uint ReadOnlyForPrograms = 1 << 7; // BPF_F_RDONLY_PROG
    private const uint Mapped = 1 << 10; // BPF_F_MMAPABLE

    public static FeatureAnswer Type(BpfMapType type) => FeatureAnswer.Of(ProbePrograms.Closed(MakeType(type)), "the map can be made");

    public static FeatureAnswer PerfBuffer()
    {
        var attribute = new PerfEventAttribute
        {
            Type = PerfEventAttribute.TypeSoftware,
            Config = PerfEventAttribute.SoftwareBpfOutput,
            SampleType = PerfEventAttribute.SampleRaw,
            Period = 1,
        };
        var result = ProbePrograms.Closed(PerfSyscall.Open(ref attribute, pid: -1, CpuList.Online()[0]));
        return FeatureAnswer.Of(result, "an event of type PERF_COUNT_SW_BPF_OUTPUT was opened");
    }

    public static FeatureAnswer MappedArrays()
        => FeatureAnswer.Of(ProbePrograms.Closed(Make(BpfMapType.Array, 4, 4, 1, Mapped)), "the map can be made");

    public static FeatureAnswer Batches()
    {
        var map = Make(BpfMapType.Hash, 4, 4, 1);
        if (map < 0)
            return FeatureAnswer.Of(map, "");
        using var descriptor = FileDescriptor.Adopt(map);
        using var lease = descriptor.Lease();
        uint position, key, value;
        var attribute = new MapBatchAttribute
        {
            OutBatch = (ulong)&position,
            Keys = (ulong)&key,
            Values = (ulong)&value,
            Count = 1,
            MapFd = (uint)lease.Fd,
        };
        var result = BpfSyscall.Call(BpfCommand.MapLookupBatch, ref attribute);
        return FeatureAnswer.Of(Syscall.ErrorOf(result) == Errno.ENOENT ? 0 : result, "a map was read in a batch"); // ENOENT: it is empty
    }

    public static FeatureAnswer GlobalData()
    {
        var map = Make(BpfMapType.Array, 4, 8, 1, ReadOnlyForPrograms);
        if (map < 0)
            return FeatureAnswer.Of(map, "");
        using var descriptor = FileDescriptor.Adopt(map);
        using var lease = descriptor.Lease();
        var frozen = BpfSyscall.FreezeMap(lease.Fd);
        return frozen < 0
            ? FeatureAnswer.Of(frozen, "")
            : FeatureAnswer.Of(ProbePrograms.Closed(ProbePrograms.LoadReadsMap(lease.Fd)), "a program that reads a variable loads");
    }

    public static FeatureAnswer BindMap()
    {
        var map = Make(BpfMapType.Array, 4, 4, 1);
        if (map < 0)
            return FeatureAnswer.Of(map, "");
        using var mapDescriptor = FileDescriptor.Adopt(map);
        var program = ProbePrograms.LoadReturnsZero(BpfProgramType.SocketFilter);
        if (program < 0)
            return FeatureAnswer.Of(program, "");
        using var programDescriptor = FileDescriptor.Adopt(program);
        using var mapLease = mapDescriptor.Lease();
        using var programLease = programDescriptor.Lease();
        var attribute = new ProgramBindMapAttribute { ProgramFd = (uint)programLease.Fd, MapFd = (uint)mapLease.Fd };
        return FeatureAnswer.Of(BpfSyscall.Call(BpfCommand.ProgramBindMap, ref attribute), "a map was bound");
    }

    private static long MakeType(BpfMapType type) => type switch
    {
        BpfMapType.StackTrace => Make(type, 4, 8, 1),
        BpfMapType.LpmTrie => Make(type, 8, 8, 1, NoPreallocation),
        BpfMapType.CgroupStorage or BpfMapType.PerCpuCgroupStorage => Make(type, 16, 8, 0),
        BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter => Make(type, 0, 4, 1),
        BpfMapType.RingBuffer or BpfMapType.UserRingBuffer => Make(type, 0, 0, (uint)Environment.SystemPageSize),
        BpfMapType.Arena => Make(type, 0, 0, 1, Mapped),
        BpfMapType.InstructionArray => Make(type, 4, 16, 1),
        BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgroupLocalStorage => MakeStorage(type),
        BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps => MakeOfMaps(type),
        _ => Make(type, 4, 4, 1),
    };

    private static long Make(BpfMapType type, uint keySize, uint valueSize, uint entries, uint flags = 0)
    {
        var attribute = new MapCreateAttribute
        {
            MapType = (uint)type,
            KeySize = keySize,
            ValueSize = valueSize,
            MaxEntries = entries,
            Flags = flags,
        };
        return BpfSyscall.Call(BpfCommand.MapCreate, ref attribute);
    }

    /// <summary>Storage at objects of the kernel: the kernel wants to know the types of key and value.</summary>
    private static long MakeStorage(BpfMapType type)
    {
        var types = TypeFeatures.LoadInt();
        if (types < 0)
            return types;
        using var descriptor = FileDescriptor.Adopt(types);
        using var lease = descriptor.Lease();
        var attribute = new MapCreateAttribute
        {
            MapType = (uint)type,
            KeySize = 4,
            ValueSize = 4,
            Flags = NoPreallocation,
            BtfFd = (uint)lease.Fd,
            BtfKeyTypeId = 1,
            BtfValueTypeId = 1,
        };
        return BpfSyscall.Call(BpfCommand.MapCreate, ref attribute);
    }

    private static long MakeOfMaps(BpfMapType type)
    {
        var inner = Make(BpfMapType.Hash, 4, 4, 1);
        if (inner < 0)
            return inner;
        using var descriptor = FileDescriptor.Adopt(inner);
        using var lease = descriptor.Lease();
        var attribute = new MapCreateAttribute
        {
            MapType = (uint)type,
            KeySize = 4,
            ValueSize = 4,
            MaxEntries = 1,
            InnerMapFd = (uint)lease.Fd,
        };
        return BpfSyscall.Call(BpfCommand.MapCreate, ref attribute);
    }
}

using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A map in the kernel, of bytes. It is gone when this is disposed and neither a program, a pin nor another map uses it any more.
/// Thread-safe. <see cref="As{TKey, TValue}"/> and its like give views with types.
/// </summary>
public sealed unsafe partial class BpfMap : IDisposable
{
    private static readonly Lazy<int> PossibleCpuCount = new(() => CpuList.Possible().Length);
    private readonly FileDescriptor _descriptor;

    private BpfMap(
        FileDescriptor descriptor, string name, BpfMapType type, uint keySize, uint valueSize, uint maxEntries, BpfMapFlags flags)
    {
        _descriptor = descriptor;
        Name = name;
        Type = type;
        KeySize = (int)keySize;
        ValueSize = (int)valueSize;
        MaxEntries = maxEntries;
        Flags = flags;
        IsPerCpu = type is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash or BpfMapType.PerCpuCgroupStorage;
    }

    /// <summary>CPUs the kernel keeps per-CPU values for.</summary>
    public static int PossibleCpus => PossibleCpuCount.Value;

    /// <summary>Name in the object; of a map that was opened by id or path, the name in the kernel (15 characters).</summary>
    public string Name { get; }

    /// <summary>Kind of map.</summary>
    public BpfMapType Type { get; }

    /// <summary>Bytes of a key; 0 for queues, stacks, bloom filters and ring buffers.</summary>
    public int KeySize { get; }

    /// <summary>Bytes of a value; of a per-CPU map: of the value of one CPU.</summary>
    public int ValueSize { get; }

    /// <summary>Most entries the map holds; of a ring buffer: its bytes.</summary>
    public uint MaxEntries { get; }

    /// <summary>Flags it was made with.</summary>
    public BpfMapFlags Flags { get; }

    /// <summary>True if each entry has a value for each CPU.</summary>
    public bool IsPerCpu { get; }

    /// <summary>True if the keys are the numbers below <see cref="MaxEntries"/>.</summary>
    public bool IsIndexed => Type is BpfMapType.Array or BpfMapType.PerCpuArray or BpfMapType.ProgramArray or BpfMapType.PerfEventArray
        or BpfMapType.CgroupArray or BpfMapType.ArrayOfMaps;

    /// <summary>Bytes from one CPU's value to the next: <see cref="ValueSize"/>, rounded up to 8 in a per-CPU map.</summary>
    public int ValueStride => IsPerCpu ? (ValueSize + 7) & ~7 : ValueSize;

    /// <summary>Bytes that an entry's value takes in a look-up or an update: one stride for each possible CPU in a per-CPU map.</summary>
    public int EntryBytes => IsPerCpu ? ValueStride * PossibleCpus : ValueSize;

    /// <summary>
    /// Bytes of kernel memory, from <c>memlock</c> of /proc/self/fdinfo: what is in use since Linux 6.4, before that an
    /// estimate from the sizes; 0 if the kernel does not say.
    /// </summary>
    public long MemoryBytes => DescriptorInfo("memlock:");

    /// <summary>Id of the map, as bpftool shows it.</summary>
    /// <exception cref="BpfSyscallException">The kernel does not answer.</exception>
    public int Id => (int)KernelInfo().Id;

    internal FileDescriptor Descriptor => _descriptor;

    /// <summary>Asks the kernel about the map.</summary>
    /// <exception cref="BpfSyscallException">The kernel does not answer.</exception>
    public BpfMapInfo Info()
    {
        var info = KernelInfo();
        return new BpfMapInfo(
            (int)info.Id, info.Name.ToString(), (BpfMapType)info.Type, (int)info.KeySize, (int)info.ValueSize, info.MaxEntries,
            (BpfMapFlags)info.Flags, (int)info.BtfId, DescriptorInfo("frozen:") != 0, MemoryBytes);
    }

    /// <summary>
    /// Ends writing for user space for good; programs go on. The verifier may then take the contents of a map that programs can't write
    /// either as constants.
    /// </summary>
    /// <exception cref="BpfSyscallException">It is frozen already or mapped for writing (EBUSY), or may not be written (EPERM).</exception>
    public void Freeze()
    {
        using var lease = _descriptor.Lease();
        var result = BpfSyscall.FreezeMap(lease.Fd);
        if (result < 0)
            throw MapTrouble.Of(this, BpfCommand.MapFreeze, result);
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type}, {MaxEntries} entries";

    private MapInfo KernelInfo()
    {
        using var lease = _descriptor.Lease();
        var info = default(MapInfo);
        var result = BpfSyscall.GetInfo(lease.Fd, ref info);
        return result >= 0 ? info : throw MapTrouble.Of(this, BpfCommand.ObjectGetInfo, result);
    }

    private long DescriptorInfo(string field)
    {
        using var lease = _descriptor.Lease();
        foreach (var line in File.ReadLines($"/proc/self/fdinfo/{lease.Fd}"))
        {
            if (line.StartsWith(field, StringComparison.Ordinal)
                && long.TryParse(line.AsSpan(field.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
        }

        return 0;
    }
}

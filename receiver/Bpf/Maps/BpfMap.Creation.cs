using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

public sealed unsafe partial class BpfMap
{
    /// <summary>
    /// Makes a map that belongs to no object, for example to put it into a map of maps, or one that programs share
    /// (<see cref="BpfObjectOptions.SharedMaps"/>).
    /// </summary>
    /// <param name="spec">What to make; of its name the kernel keeps 15 characters.</param>
    /// <exception cref="BpfSyscallException">The kernel refuses it.</exception>
    public static BpfMap Create(MapSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Create(spec, spec.Name);
    }

    /// <summary>Makes a map, with its contents if the specification has any; read-only data is frozen.</summary>
    /// <param name="spec">What the object declares.</param>
    /// <param name="kernelName">Name that the kernel shows, of which it keeps 15 characters.</param>
    /// <param name="btf">The object's types in the kernel, or null: they only serve those who print the map.</param>
    /// <exception cref="BpfSyscallException">The kernel refuses it.</exception>
    internal static BpfMap Create(MapSpec spec, string kernelName, FileDescriptor? btf = null)
    {
        MemoryAccounting.Prepare();
        var entries = spec.MaxEntries == 0 && spec.Type == BpfMapType.PerfEventArray ? (uint)PossibleCpus : spec.MaxEntries;
        var flags = (BpfMapFlags)spec.Flags | (spec.IsReadOnly ? BpfMapFlags.ReadOnlyForPrograms : 0);
        var attribute = new MapCreateAttribute
        {
            MapType = (uint)spec.Type,
            KeySize = spec.KeySize,
            ValueSize = spec.ValueSize,
            MaxEntries = entries,
            Flags = (uint)flags,
            NumaNode = spec.NumaNode ?? 0,
            Name = ObjectName.From(kernelName),
            Extra = spec.Extra,
        };
        // The kernel takes a map of maps by the example of one inner map, which it lets go of.
        using var template = spec.Inner is { } inner ? Create(inner, inner.Name, btf) : null;
        var result = CreateWithTypes(attribute, spec, btf, template);
        if (result < 0)
            throw Refused(spec, entries, result);

        var map = new BpfMap(FileDescriptor.Adopt(result), spec.Name, spec.Type, spec.KeySize, spec.ValueSize, entries, flags);
        try
        {
            map.Fill(spec);
            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private static long CreateWithTypes(MapCreateAttribute attribute, MapSpec spec, FileDescriptor? btf, BpfMap? template)
    {
        using var inner = template is null ? default : template._descriptor.Lease();
        if (template is not null)
            attribute.InnerMapFd = (uint)inner.Fd;
        if (btf is not null && spec.ValueTypeId != 0)
        {
            using var lease = btf.Lease();
            attribute.BtfFd = (uint)lease.Fd;
            attribute.BtfKeyTypeId = spec.KeyTypeId;
            attribute.BtfValueTypeId = spec.ValueTypeId;
            var described = BpfSyscall.Call(BpfCommand.MapCreate, ref attribute);
            if (described >= 0)
                return described;

            // Several kinds of map take no types (ENOTSUPP), and an old kernel may not know a kind of type (EINVAL).
            attribute.BtfFd = 0;
            attribute.BtfKeyTypeId = 0;
            attribute.BtfValueTypeId = 0;
        }

        return BpfSyscall.Call(BpfCommand.MapCreate, ref attribute);
    }

    private void Fill(MapSpec spec)
    {
        // The map starts with zeros, and so does .bss.
        if (spec.Contents is { } contents && contents.AsSpan().ContainsAnyExcept((byte)0))
            Update(stackalloc byte[KeySize], contents);
        if (spec.IsReadOnly)
            Freeze();
    }

    private static BpfSyscallException Refused(MapSpec spec, uint entries, long result) => new(
        "bpf(BPF_MAP_CREATE)",
        (int)-result,
        $"creating map {spec.Name} ({spec.Type}, key {spec.KeySize} B, value {spec.ValueSize} B, {entries} entries)",
        Syscall.ErrorOf(result) switch
        {
            Errno.EPERM when MemoryAccounting.LimitInForce is { } limit =>
                $"This kernel counts BPF memory against RLIMIT_MEMLOCK, which is {limit} bytes and could not be raised: raise it "
                + "(ulimit -l, LimitMEMLOCK=) or give CAP_SYS_RESOURCE.",
            Errno.EPERM => PermissionAdvice.ForTracing(),
            Errno.EINVAL when spec.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps && spec.Inner is null =>
                "A map of maps is made by the example of an inner map (MapSpec.Inner).",
            Errno.EINVAL when spec.Type is BpfMapType.RingBuffer or BpfMapType.UserRingBuffer =>
                $"The size of a ring buffer is a power of two and a multiple of the page size ({Environment.SystemPageSize}); "
                + "Linux 5.8 has them.",
            Errno.EINVAL when KernelFeatures.All.FirstOrDefault(claim => claim.MapType == spec.Type) is { } claim =>
                $"This kernel does not know the kind of map (Linux {claim.MinimumKernel} is the first that does) or one of its flags, or "
                + "refuses its sizes.",
            Errno.EINVAL => "This kernel does not know the kind of map or one of its flags, or refuses its sizes.",
            Errno.E2BIG => "The map is larger than the kernel allows.",
            Errno.ENOMEM => "There is not enough memory (or the memory limit of the cgroup is too low) for it.",
            _ => null,
        });
}

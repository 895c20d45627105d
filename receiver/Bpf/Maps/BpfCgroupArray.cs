using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// An array of cgroups, for bpf_current_task_under_cgroup. The kernel lets nobody read it. It is a view: the <see cref="BpfMap"/> is what
/// is
/// disposed. Thread-safe.
/// </summary>
public sealed class BpfCgroupArray
{
    internal BpfCgroupArray(BpfMap map)
    {
        map.RequireKind("an array of cgroups", BpfMapType.CgroupArray);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Puts a cgroup in, in place of the one at that index if there is one.</summary>
    /// <param name="index">The index.</param>
    /// <param name="path">Directory of the cgroup (version 2), for example <c>/sys/fs/cgroup/system.slice</c>.</param>
    /// <exception cref="BpfSyscallException">
    /// There is no such directory, or it is not a cgroup of version 2 (EBADF), or no such index.
    /// </exception>
    public void Put(uint index, string path)
    {
        using var directory = FileSyscalls.OpenDirectory(path);
        using var lease = directory.Lease();
        var fd = lease.Fd;
        Map.Update(Bytes(in index), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in fd)));
    }

    /// <summary>Takes a cgroup out.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool Delete(uint index) => Map.Delete(Bytes(in index));

    private static ReadOnlySpan<byte> Bytes(in uint index) => MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in index));
}

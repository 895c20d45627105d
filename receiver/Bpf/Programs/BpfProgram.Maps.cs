using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

public sealed unsafe partial class BpfProgram
{
    /// <summary>
    /// Ids of the maps that it uses, its global variables and those that it was bound to among them, as bpftool shows them.
    /// </summary>
    /// <exception cref="BpfSyscallException">The kernel does not answer.</exception>
    public IReadOnlyList<int> MapIds()
    {
        using var lease = _descriptor.Lease();
        var info = default(ProgramInfo);
        var result = BpfSyscall.GetInfo(lease.Fd, ref info);
        if (result < 0 || info.MapCount == 0)
            return result < 0 ? throw Unanswered(result) : [];

        // The number is that of a verified program: it does not change.
        var ids = new uint[info.MapCount];
        fixed (uint* pointer = ids)
        {
            info = new ProgramInfo { MapCount = (uint)ids.Length, MapIds = (ulong)pointer };
            result = BpfSyscall.GetInfo(lease.Fd, ref info);
        }

        return result >= 0 ? MemoryMarshal.Cast<uint, int>(ids).ToArray() : throw Unanswered(result);
    }

    /// <summary>
    /// Bytes of kernel memory of the maps that it uses (<see cref="BpfMap.MemoryBytes"/>); one that programs share counts for each.
    /// </summary>
    /// <param name="maps">Where its maps are: those of its object, and those that it shares. Others that it uses don't count.</param>
    /// <exception cref="BpfSyscallException">The kernel does not answer.</exception>
    public long MapMemoryBytes(IEnumerable<BpfMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        var used = new HashSet<int>(MapIds());
        return maps.Where(m => used.Remove(m.Id)).Sum(m => m.MemoryBytes);
    }

    private BpfSyscallException Unanswered(long result)
        => new("bpf(BPF_OBJ_GET_INFO_BY_FD)", (int)-result, $"asking about program {Spec.Name}");
}

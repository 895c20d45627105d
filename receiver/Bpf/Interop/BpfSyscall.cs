using System.Runtime.CompilerServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>bpf(2). Every attribute struct is zeroed by its caller and passed with the size this program knows.</summary>
internal static unsafe class BpfSyscall
{
    /// <summary>
    /// Makes one call. The result is not negative, or minus the errno; EINTR and EAGAIN are retried, except for batches, whose attribute
    /// the kernel has changed by then.
    /// </summary>
    [SkipLocalsInit]
    public static long Call<TAttribute>(BpfCommand command, ref TAttribute attribute)
        where TAttribute : unmanaged
    {
        fixed (TAttribute* pointer = &attribute)
        {
            long result = 0;
            for (var attempt = 0; attempt < Syscall.Attempts; attempt++)
            {
                result = Syscall.Call(SyscallNumbers.Bpf, (int)command, pointer, (uint)sizeof(TAttribute));
                if (result is not (-(long)Errno.EINTR or -(long)Errno.EAGAIN)
                    || command is >= BpfCommand.MapLookupBatch and <= BpfCommand.MapDeleteBatch)
                    break;
            }

            return result;
        }
    }

    /// <summary>BPF_MAP_FREEZE: user space can't change the map any more, so the verifier may take its contents as constants.</summary>
    public static long FreezeMap(int mapFd)
    {
        var attribute = new MapElementAttribute { MapFd = (uint)mapFd };
        return Call(BpfCommand.MapFreeze, ref attribute);
    }

    /// <summary>BPF_OBJ_GET_INFO_BY_FD into a struct of the kernel's layout; a longer one of the kernel is cut.</summary>
    public static long GetInfo<TInfo>(int fd, ref TInfo info)
        where TInfo : unmanaged
        => GetInfo(fd, ref info, out _);

    /// <summary>As above, and how many bytes of the struct this kernel has: what lies behind them it does not know.</summary>
    public static long GetInfo<TInfo>(int fd, ref TInfo info, out int known)
        where TInfo : unmanaged
    {
        fixed (TInfo* pointer = &info)
        {
            var attribute = new ObjectInfoAttribute { Fd = (uint)fd, Length = (uint)sizeof(TInfo), Info = (ulong)pointer };
            var result = Call(BpfCommand.ObjectGetInfo, ref attribute);
            known = (int)attribute.Length;
            return result;
        }
    }
}

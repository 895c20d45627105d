using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

public sealed unsafe partial class BpfMap
{
    private const int ReadOnlyAccess = 1 << 3; // BPF_F_RDONLY

    /// <summary>Opens a map of any process by its id, as bpftool shows it.</summary>
    /// <exception cref="BpfSyscallException">There is none (ENOENT), or CAP_SYS_ADMIN is missing (EPERM).</exception>
    public static BpfMap OpenById(int id)
    {
        var attribute = new ObjectIdAttribute { Id = (uint)id };
        var result = BpfSyscall.Call(BpfCommand.MapGetFdById, ref attribute);
        if (result < 0)
        {
            throw new BpfSyscallException("bpf(BPF_MAP_GET_FD_BY_ID)", (int)-result, $"opening map {id}", Syscall.ErrorOf(result) switch
            {
                Errno.EPERM => "It takes CAP_SYS_ADMIN to open a map by its id.",
                Errno.ENOENT => "There is no map with that id.",
                _ => null,
            });
        }

        return Adopt(result, $"map {id}");
    }

    /// <summary>Opens a map that was pinned.</summary>
    /// <param name="path">Its path below a mounted bpf file system, for example <c>/sys/fs/bpf/counts</c>.</param>
    /// <param name="readOnly">Only for reading; then the file has to be readable, else also writable.</param>
    /// <exception cref="BpfSyscallException">
    /// Nothing is there (ENOENT), or no BPF object (EACCES, EINVAL), or it is no map (EINVAL).
    /// </exception>
    public static BpfMap OpenPinned(string path, bool readOnly = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long result;
        fixed (byte* name = FileSyscalls.Terminated(path))
        {
            var attribute = new ObjectPathAttribute { Path = (ulong)name, FileFlags = readOnly ? ReadOnlyAccess : 0u };
            result = BpfSyscall.Call(BpfCommand.ObjectGet, ref attribute);
        }

        if (result < 0)
            throw new BpfSyscallException("bpf(BPF_OBJ_GET)", (int)-result, $"opening the pinned map {path}",
                PinRemedy(Syscall.ErrorOf(result)));
        return Adopt(result, path);
    }

    /// <summary>
    /// Gives the map a path, which keeps it in the kernel when nobody has it open any more. <see cref="File.Delete(string)"/> takes it
    /// back.
    /// </summary>
    /// <param name="path">A new path below a mounted bpf file system; the directory has to be there.</param>
    /// <exception cref="BpfSyscallException">
    /// There is such a path already (EEXIST), no such directory (ENOENT), or it is in another file system (EPERM).
    /// </exception>
    public void Pin(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var lease = _descriptor.Lease();
        fixed (byte* name = FileSyscalls.Terminated(path))
        {
            var attribute = new ObjectPathAttribute { Path = (ulong)name, Fd = (uint)lease.Fd };
            var result = BpfSyscall.Call(BpfCommand.ObjectPin, ref attribute);
            if (result < 0)
                throw new BpfSyscallException(
                    "bpf(BPF_OBJ_PIN)", (int)-result, $"pinning map {Name} to {path}", PinRemedy(Syscall.ErrorOf(result)));
        }
    }

    private static BpfMap Adopt(long result, string what)
    {
        var descriptor = FileDescriptor.Adopt(result);
        try
        {
            using var lease = descriptor.Lease();
            if (KindOf(lease.Fd) is { } kind and not "bpf-map")
                throw new BpfException($"{what} is a {kind}, not a map.");
            var info = default(MapInfo);
            var answer = BpfSyscall.GetInfo(lease.Fd, ref info);
            if (answer < 0)
                throw new BpfSyscallException("bpf(BPF_OBJ_GET_INFO_BY_FD)", (int)-answer, $"asking about {what}");
            return new BpfMap(
                descriptor, info.Name.ToString(), (BpfMapType)info.Type, info.KeySize, info.ValueSize, info.MaxEntries,
                    (BpfMapFlags)info.Flags);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>What a descriptor of bpf() is: <c>bpf-map</c>, <c>bpf-prog</c>, <c>bpf_link</c>; null if /proc does not say.</summary>
    private static string? KindOf(int fd)
        => File.ResolveLinkTarget($"/proc/self/fd/{fd}", returnFinalTarget: false)?.Name is { } target
            && target.StartsWith("anon_inode:", StringComparison.Ordinal)
            ? target["anon_inode:".Length..].Trim('[', ']')
            : null;

    private static string? PinRemedy(Errno error) => error switch
    {
        Errno.ENOENT => "There is no such path.",
        Errno.EEXIST => "There is such a path already: delete it, or open the map that is there.",
        Errno.EPERM or Errno.EACCES or Errno.EINVAL =>
            "The path has to be in a bpf file system (mount -t bpf bpf /sys/fs/bpf), and this process has to be allowed to use it.",
        _ => null,
    };
}

using System.Runtime.InteropServices;
using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>An open file descriptor. Closing it is what takes maps, programs and links out of the kernel.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    private const int F_DUPFD_CLOEXEC = 1030;

    private FileDescriptor(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    public override bool IsInvalid => handle == -1;

    /// <summary>
    /// Takes over a descriptor. In many fields of bpf_attr 0 means "none", and 0 to 2 belong to the standard streams, so
    /// a descriptor that a closed standard stream left free is moved up.
    /// </summary>
    public static FileDescriptor Adopt(long result)
    {
        var fd = (int)result;
        ArgumentOutOfRangeException.ThrowIfNegative(fd);
        if (fd > 2)
            return new FileDescriptor(fd);

        var moved = Syscall.Result(LibC.fcntl(fd, F_DUPFD_CLOEXEC, 3));
        LibC.close(fd);
        return moved >= 0
            ? new FileDescriptor(moved)
            : throw new BpfSyscallException("fcntl", -moved, "moving a descriptor away from the standard streams");
    }

    /// <summary>Keeps the descriptor open while it is used in a system call.</summary>
    public FileDescriptorLease Lease() => new(this);

    // Linux frees the descriptor even when close() reports an error; trying again could close someone else's.
    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}

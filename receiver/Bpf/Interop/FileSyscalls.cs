using System.Text;
using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>openat(2), read(2), write(2) below a directory descriptor, and a mount without a mount point: fsopen(2), fsmount(2).</summary>
internal static unsafe class FileSyscalls
{
    private const int O_WRONLY = 1;
    private const int O_APPEND = 0x400;
    private const int O_CLOEXEC = 0x80000;
    private static readonly int O_DIRECTORY = LibC.O_DIRECTORY; // differs between architectures
    private const uint FsOpenCloseOnExec = 1;
    private const uint FsMountCloseOnExec = 1;
    private const uint FsConfigCreate = 6;

    /// <summary>
    /// Mounts a filesystem that is visible through the returned descriptor only and gone when that is closed.
    /// Linux 5.2, CAP_SYS_ADMIN. The result is a descriptor, or minus the errno.
    /// </summary>
    public static long MountDetached(string type)
    {
        long context;
        fixed (byte* name = Terminated(type))
            context = Syscall.Call(SyscallNumbers.FsOpen, name, FsOpenCloseOnExec, 0);
        if (context < 0)
            return context;

        using var descriptor = FileDescriptor.Adopt(context);
        using var lease = descriptor.Lease();
        var created = Syscall.Call(SyscallNumbers.FsConfig, lease.Fd, FsConfigCreate, (void*)null, (void*)null, 0);
        return created < 0 ? created : Syscall.Call(SyscallNumbers.FsMount, lease.Fd, FsMountCloseOnExec, 0);
    }

    /// <summary>Reads a small file below a directory. The result is the length, or minus the errno.</summary>
    public static long Read(int directoryFd, string path, Span<byte> buffer)
    {
        long opened;
        fixed (byte* name = Terminated(path))
            opened = Syscall.Result(LibC.openat(directoryFd, name, O_CLOEXEC, 0));
        if (opened < 0)
            return opened;

        using var descriptor = FileDescriptor.Adopt(opened);
        using var lease = descriptor.Lease();
        fixed (byte* target = buffer)
            return Syscall.Result(LibC.read(lease.Fd, target, (uint)buffer.Length));
    }

    /// <summary>Whether this process may read and execute a file: access(2).</summary>
    public static bool IsExecutable(string path)
    {
        const int ReadAndExecute = 4 | 1;
        fixed (byte* name = Terminated(path))
            return LibC.access(name, ReadAndExecute) == 0 && File.Exists(path);
    }

    /// <summary>Opens a file or directory below a directory for reading. The result is a descriptor, or minus the errno.</summary>
    public static long Open(int directoryFd, string path)
    {
        fixed (byte* name = Terminated(path))
            return Syscall.Result(LibC.openat(directoryFd, name, O_CLOEXEC, 0));
    }

    /// <summary>Appends to a control file below a directory in one write. The result is the length, or minus the errno.</summary>
    public static long Append(int directoryFd, string path, string text)
    {
        long opened;
        fixed (byte* name = Terminated(path))
            opened = Syscall.Result(LibC.openat(directoryFd, name, O_WRONLY | O_APPEND | O_CLOEXEC, 0));
        if (opened < 0)
            return opened;

        using var descriptor = FileDescriptor.Adopt(opened);
        using var lease = descriptor.Lease();
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* source = bytes)
            return Syscall.Result(LibC.write(lease.Fd, source, (uint)bytes.Length));
    }

    /// <summary>Opens a directory.</summary>
    public static FileDescriptor OpenDirectory(string path)
    {
        long opened;
        fixed (byte* name = Terminated(path))
            opened = Syscall.Result(LibC.open(name, O_CLOEXEC | O_DIRECTORY));
        return opened >= 0
            ? FileDescriptor.Adopt(opened)
            : throw new BpfSyscallException("open", (int)-opened, $"opening the directory {path}");
    }

    /// <summary>The UTF-8 bytes with a terminator. A NUL inside would cut the text for the kernel and is refused.</summary>
    public static byte[] Terminated(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A name or path for the kernel can't contain a NUL character.", nameof(text));
        var bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Otlp;

/// <summary>
/// What System.IO leaves out and a queue on disk needs: fdatasync(2), fsync(2) of a directory, flock(2), the owner of a file by statx(2).
/// </summary>
internal static unsafe partial class PosixFile
{
    // include/uapi/asm-generic/fcntl.h, include/uapi/linux/stat.h: the same on x64 and arm64.
    private const int O_RDONLY = 0;
    private const int O_RDWR = 2;
    private const int O_CREAT = 0x40;
    private const int O_CLOEXEC = 0x80000;
    private const int OwnerOnly = 0x180; // 0600
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_BASIC_STATS = 0x7ff;
    private const int StatxSize = 256;
    private const int StatxOwner = 20;
    private const int StatxMode = 28;

    private const int EINTR = 4;
    private const int EIO = 5;
    private const int EWOULDBLOCK = 11;
    private const int ENOSPC = 28;
    private const int EROFS = 30;
    private const int EDQUOT = 122;

    /// <summary>Whether an error is one of the disk, which is mended without us, and not one of the configuration.</summary>
    public static bool MayPass(int errno) => errno is EIO or ENOSPC or EROFS or EDQUOT;

    /// <summary>Opens a file for reading and writing that only its owner may open, and makes it if need be.</summary>
    /// <exception cref="IOException">Any failure.</exception>
    public static SafeFileHandle OpenOrCreate(string path) => Open(path, O_RDWR | O_CREAT | O_CLOEXEC);

    /// <summary>Forces the content of a file, and what is needed to find it, to the disk.</summary>
    /// <exception cref="IOException">The disk did not take it. Calling again would not help: the kernel reports a loss once.</exception>
    public static void FlushData(SafeFileHandle file, string path)
    {
        if (Retried(file, static fd => FlushDataCall(fd)) != 0)
            throw Failure("fdatasync", path);
    }

    /// <summary>Forces the names in a directory to the disk, after a file was made, renamed or removed.</summary>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static void FlushDirectory(string path)
    {
        using SafeFileHandle directory = Open(path, O_RDONLY | O_CLOEXEC);
        if (Retried(directory, static fd => FlushCall(fd)) != 0)
            throw Failure("fsync", path);
    }

    /// <summary>Takes the exclusive lock of an open file, which goes with the handle or the process.</summary>
    /// <returns>Whether nobody else has it.</returns>
    /// <exception cref="IOException">The file system has no locks.</exception>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        if (Retried(file, static fd => LockCall(fd, LOCK_EX | LOCK_NB)) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == EWOULDBLOCK ? false : throw Failure("flock", path);
    }

    /// <summary>The user that a file, a directory or the link itself belongs to, and its type and mode as in st_mode.</summary>
    /// <exception cref="IOException">Any failure.</exception>
    public static (uint Owner, ushort Mode) OwnerOf(string path)
    {
        byte* status = stackalloc byte[StatxSize];
        return StatusCall(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, status) == 0
            ? (*(uint*)(status + StatxOwner), *(ushort*)(status + StatxMode))
            : throw Failure("statx", path);
    }

    /// <summary>The user this process acts as.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    private static SafeFileHandle Open(string path, int flags)
    {
        while (true)
        {
            int fd = OpenCall(path, flags, OwnerOnly);
            if (fd >= 0)
                return new SafeFileHandle(fd, ownsHandle: true);
            if (Marshal.GetLastPInvokeError() != EINTR)
                throw Failure("open", path);
        }
    }

    private static int Retried(SafeFileHandle file, Func<int, int> call)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            int result;
            do
                result = call((int)file.DangerousGetHandle());
            while (result != 0 && Marshal.GetLastPInvokeError() == EINTR);
            return result;
        }
        finally
        {
            if (held)
                file.DangerousRelease();
        }
    }

    private static IOException Failure(string call, string path)
    {
        int errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path}: {Marshal.GetPInvokeErrorMessage(errno)}", errno);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenCall(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushDataCall(int fd);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushCall(int fd);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int LockCall(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatusCall(int directory, string path, int flags, uint mask, byte* status);
}

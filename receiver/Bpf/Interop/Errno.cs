namespace EbpfReceiver.Bpf.Interop;

/// <summary>Error numbers that the loader decides by (include/uapi/asm-generic/errno*.h; the same on x64 and arm64).</summary>
internal enum Errno
{
    None = 0,
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EIO = 5,
    ENXIO = 6,
    E2BIG = 7,
    EBADF = 9,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EFAULT = 14,
    EBUSY = 16,
    EEXIST = 17,
    ENODEV = 19,
    ENOTDIR = 20,
    EINVAL = 22,
    ENFILE = 23,
    EMFILE = 24,
    ENOSPC = 28,
    ERANGE = 34,
    ENOSYS = 38,
    EPROTO = 71,
    EILSEQ = 84,
    EOPNOTSUPP = 95,
    EADDRNOTAVAIL = 99,

    /// <summary>A number of the kernel's own (include/linux/errno.h) that bpf() and perf_event_open() let out.</summary>
    ENOTSUPP = 524,
}

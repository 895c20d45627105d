using System.Runtime.InteropServices;
using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>A shared mapping of a descriptor: mmap(2), munmap(2).</summary>
internal sealed unsafe class MemoryMapping : SafeHandle
{
    private const int PROT_READ = 1;
    private const int PROT_WRITE = 2;
    private const int MAP_SHARED = 1;

    private MemoryMapping(void* address, nuint length)
        : base(-1, ownsHandle: true)
    {
        Length = length;
        SetHandle((nint)address);
    }

    public nuint Length { get; }

    public byte* Address => (byte*)handle;

    public override bool IsInvalid => handle == -1;

    /// <summary>Maps a part.</summary>
    /// <param name="descriptor">What to map.</param>
    /// <param name="offset">Where the part begins; a multiple of the page size.</param>
    /// <param name="length">Its bytes; a multiple of the page size.</param>
    /// <param name="writable">For writing as well as for reading.</param>
    /// <param name="doing">For a message: "mapping map counts".</param>
    /// <param name="remedy">For a message when locked memory is at its limit, or null.</param>
    public static MemoryMapping Map(FileDescriptor descriptor, long offset, nuint length, bool writable, string doing,
        string? remedy = null)
    {
        using var lease = descriptor.Lease();
        var address = LibC.mmap(
            null, (size_t)(ulong)length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, lease.Fd, (off_t)offset);
        if ((nint)address != -1)
            return new MemoryMapping(address, length);

        var errno = LibC.errno;
        throw new BpfSyscallException("mmap", errno, doing, (Errno)errno is Errno.EPERM or Errno.EAGAIN ? remedy : null);
    }

    protected override bool ReleaseHandle() => LibC.munmap((void*)handle, (size_t)(ulong)Length) == 0;
}

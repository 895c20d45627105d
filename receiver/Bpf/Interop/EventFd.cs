using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>eventfd(2): how another thread ends an epoll_wait.</summary>
internal sealed unsafe class EventFd : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;

    public EventFd()
    {
        var result = Syscall.Result(LibC.eventfd(0, CloseOnExec | NonBlocking));
        Descriptor = result >= 0 ? FileDescriptor.Adopt(result) : throw new BpfSyscallException("eventfd", -result, "creating an eventfd");
    }

    public FileDescriptor Descriptor { get; }

    public void Signal()
    {
        using var lease = Descriptor.Lease();
        ulong one = 1;
        var result = Syscall.Result(LibC.write(lease.Fd, &one, sizeof(ulong)));
        // EAGAIN: the counter is at its end, so the reader is signalled many times over.
        if (result < 0 && Syscall.ErrorOf(result) != Errno.EAGAIN)
            throw new BpfSyscallException("write", (int)-result, "signalling an eventfd");
    }

    /// <summary>Takes all signals back.</summary>
    public void Reset()
    {
        using var lease = Descriptor.Lease();
        ulong count;
        var result = Syscall.Result(LibC.read(lease.Fd, &count, sizeof(ulong)));
        // EAGAIN: there was none.
        if (result < 0 && Syscall.ErrorOf(result) is not (Errno.EAGAIN or Errno.EINTR))
            throw new BpfSyscallException("read", (int)-result, "resetting an eventfd");
    }

    public void Dispose() => Descriptor.Dispose();
}

using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>epoll(7), level-triggered. The layout of epoll_event (packed on x86-64 only) is that of Tmds.LibC.</summary>
internal static unsafe class EpollSyscall
{
    private const int CloseOnExec = 0x80000;
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const int In = 1;

    public static FileDescriptor Create()
    {
        var result = Syscall.Result(LibC.epoll_create1(CloseOnExec));
        return result >= 0
            ? FileDescriptor.Adopt(result)
            : throw new BpfSyscallException("epoll_create1", -result, "creating an epoll set");
    }

    public static void Add(FileDescriptor epoll, FileDescriptor descriptor)
    {
        using var set = epoll.Lease();
        using var member = descriptor.Lease();
        var change = new epoll_event { events = In };
        change.data.fd = member.Fd;
        var result = Syscall.Result(LibC.epoll_ctl(set.Fd, ControlAdd, member.Fd, &change));
        if (result < 0)
            throw new BpfSyscallException("epoll_ctl", -result, "adding a descriptor to an epoll set");
    }

    public static void Remove(FileDescriptor epoll, FileDescriptor descriptor)
    {
        using var set = epoll.Lease();
        using var member = descriptor.Lease();
        epoll_event ignored;
        var result = Syscall.Result(LibC.epoll_ctl(set.Fd, ControlDelete, member.Fd, &ignored));
        if (result < 0)
            throw new BpfSyscallException("epoll_ctl", -result, "taking a descriptor out of an epoll set");
    }

    /// <summary>Waits until something is readable. Which one does not matter to those who look at all of them.</summary>
    /// <returns>The number of readable descriptors (at most 1), 0 after the time, or minus the errno.</returns>
    public static int Wait(int epollFd, int milliseconds)
    {
        epoll_event ready;
        return Syscall.Result(LibC.epoll_wait(epollFd, &ready, 1, milliseconds));
    }
}

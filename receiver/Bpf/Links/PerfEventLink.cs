using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A program on a perf event: by BPF_LINK_CREATE where the kernel has that (Linux 5.15), else by PERF_EVENT_IOC_SET_BPF.
/// </summary>
internal sealed class PerfEventLink : BpfLink
{
    private readonly FileDescriptor _event;
    private readonly FileDescriptor? _link;
    private readonly Action? _afterClose;

    private PerfEventLink(FileDescriptor perfEvent, FileDescriptor? link, string description, Action? afterClose)
        : base(description)
    {
        _event = perfEvent;
        _link = link;
        _afterClose = afterClose;
    }

    private protected override FileDescriptor? Kernel => _link;

    /// <summary>Attaches and enables. The event is taken over, and closed if this fails.</summary>
    /// <param name="program">Descriptor of the program.</param>
    /// <param name="perfEvent">The event.</param>
    /// <param name="description">What the link is called.</param>
    /// <param name="cookie">Value for the program; 0 for none. Its availability has been looked at.</param>
    /// <param name="afterClose">What remains to be done once the event is closed, or null.</param>
    public static PerfEventLink Attach(
        FileDescriptor program, FileDescriptor perfEvent, string description, ulong cookie = 0, Action? afterClose = null)
        => Attach(program, perfEvent, description, KernelFeatures.Probe(KernelFeature.PerfEventLink).IsAvailable, cookie, afterClose);

    /// <summary>As above, with the way of attaching given: by BPF_LINK_CREATE, or by ioctl.</summary>
    internal static PerfEventLink Attach(
        FileDescriptor program, FileDescriptor perfEvent, string description, bool byLink, ulong cookie = 0, Action? afterClose = null)
    {
        FileDescriptor? link = null;
        try
        {
            using var programLease = program.Lease();
            using var eventLease = perfEvent.Lease();
            link = Connect(programLease.Fd, eventLease.Fd, description, byLink, cookie);
            var enabled = PerfSyscall.Enable(eventLease.Fd);
            return enabled >= 0
                ? new PerfEventLink(perfEvent, link, description, afterClose)
                : throw new BpfSyscallException("ioctl(PERF_EVENT_IOC_ENABLE)", -enabled, $"enabling {description}");
        }
        catch
        {
            link?.Dispose();
            perfEvent.Dispose();
            afterClose?.Invoke();
            throw;
        }
    }

    private protected override void Detach()
    {
        if (!IsPinned)
        {
            using var lease = _event.Lease();
            _ = PerfSyscall.Disable(lease.Fd); // closing does it too; this only makes the program stop at once
        }

        // The link holds the event, and a tracefs event can't be removed while a perf event is open on it.
        _link?.Dispose();
        _event.Dispose();
        if (!IsPinned)
            _afterClose?.Invoke();
    }

    private static FileDescriptor? Connect(int program, int perfEvent, string description, bool byLink, ulong cookie)
    {
        if (byLink)
        {
            var attribute = new LinkCreateAttribute
            {
                ProgramFd = (uint)program,
                TargetFd = (uint)perfEvent,
                AttachType = (uint)BpfAttachType.PerfEvent,
                Cookie = cookie,
            };
            var result = BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute);
            return result >= 0 ? FileDescriptor.Adopt(result) : throw Refused("bpf(BPF_LINK_CREATE)", result, description);
        }

        var set = PerfSyscall.SetProgram(perfEvent, program);
        return set >= 0 ? null : throw Refused("ioctl(PERF_EVENT_IOC_SET_BPF)", set, description);
    }

    private static BpfSyscallException Refused(string call, long result, string description) => new(
        call,
        (int)-result,
        $"attaching {description}",
        Syscall.ErrorOf(result) switch
        {
            Errno.EACCES => "The program reads past the arguments that this tracepoint has on this kernel.",
            Errno.EPERM => PermissionAdvice.ForTracing(),
            Errno.EINVAL => "The program's type does not fit the event.",
            Errno.E2BIG => "The event already has 64 programs, which is the most it takes.",
            _ => null,
        });
}

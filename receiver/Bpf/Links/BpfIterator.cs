using System.Text;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>An iterator program at work: each time it is opened it goes over its objects once, and what it writes is read.</summary>
public sealed unsafe class BpfIterator : BpfLink
{
    private const uint DescendantsFirstSelf = 2; // BPF_CGROUP_ITER_DESCENDANTS_PRE
    private readonly FileDescriptor _link;

    private BpfIterator(FileDescriptor link, string description)
        : base(description) => _link = link;

    private protected override FileDescriptor Kernel => _link;

    /// <summary>Begins a walk.</summary>
    /// <returns>
    /// What the program writes (bpf_seq_write, bpf_seq_printf), as it is read; reading runs it, and throws <see cref="BpfSyscallException"/>
    /// where the kernel refuses.
    /// </returns>
    /// <exception cref="BpfSyscallException">The kernel does not open it.</exception>
    public Stream Open()
    {
        using var lease = _link.Lease();
        var attribute = new IteratorCreateAttribute { LinkFd = (uint)lease.Fd };
        var result = BpfSyscall.Call(BpfCommand.IteratorCreate, ref attribute);
        return result >= 0
            ? new DescriptorStream(FileDescriptor.Adopt(result), $"reading {Description}")
            : throw new BpfSyscallException("bpf(BPF_ITER_CREATE)", (int)-result, $"opening {Description}");
    }

    /// <summary>All that one walk writes, as text.</summary>
    /// <exception cref="BpfSyscallException">The kernel does not open it, or reading fails.</exception>
    public string ReadText()
    {
        using var reader = new StreamReader(Open(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    internal static BpfIterator Attach(FileDescriptor program, string target, IteratorOptions options)
    {
        var description = $"iter {target}";
        using var lease = program.Lease();
        using var map = options.Map is { } given ? given.Descriptor.Lease() : default;
        using var cgroup = options.CgroupPath is { } path ? CgroupAttachment.Open(path, description) : null;
        using var cgroupLease = cgroup is null ? default : cgroup.Lease();
        var info = default(IteratorLinkInfo);
        if (options.Map is not null)
            info.MapFd = (uint)map.Fd;
        else if (cgroup is not null)
            (info.CgroupOrder, info.CgroupFd) = (DescendantsFirstSelf, (uint)cgroupLease.Fd);
        else
            (info.ThreadId, info.ProcessId) = ((uint)options.ThreadId, (uint)options.ProcessId);
        var isLimited = options.Map is not null || cgroup is not null || options.ThreadId != 0 || options.ProcessId != 0;
        var attribute = new LinkCreateAttribute
        {
            ProgramFd = (uint)lease.Fd,
            AttachType = (uint)BpfAttachType.TraceIterator,
            IteratorInfo = isLimited ? (ulong)&info : 0,
            IteratorInfoLength = isLimited ? (uint)sizeof(IteratorLinkInfo) : 0,
        };
        var result = BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute);
        return result >= 0
            ? new BpfIterator(FileDescriptor.Adopt(result), description)
            : throw new BpfSyscallException("bpf(BPF_LINK_CREATE)", (int)-result, $"attaching {description}", Syscall.ErrorOf(result) switch
            {
                Errno.EBADF => "It goes over the elements of a map, which has to be named (IteratorOptions.Map).",
                Errno.EINVAL => isLimited
                    ? "This iterator can't be limited so on this kernel (tasks and cgroups: since Linux 6.1), or the map does not fit it."
                    : "This iterator has to be told what to go over (IteratorOptions), or the program's type does not fit.",
                Errno.EACCES => "The program reads or writes more of a key or value than the map has.",
                Errno.ESRCH => "There is no such process or thread.",
                Errno.EPERM => PermissionAdvice.ForTracing(),
                _ => null,
            });
    }

    private protected override void Detach() => _link.Dispose();
}

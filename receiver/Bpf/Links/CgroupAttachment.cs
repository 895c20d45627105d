using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Attaches to a cgroup (version 2) by a link (Linux 5.7): what its processes send, receive, connect and set.</summary>
internal static class CgroupAttachment
{
    public static BpfLink Attach(FileDescriptor program, BpfAttachType attachType, string cgroupPath)
    {
        var description = $"cgroup {cgroupPath} ({attachType})";
        using var cgroup = Open(cgroupPath, description);
        using var programLease = program.Lease();
        using var cgroupLease = cgroup.Lease();
        var attribute = new LinkCreateAttribute
        {
            ProgramFd = (uint)programLease.Fd,
            TargetFd = (uint)cgroupLease.Fd,
            AttachType = (uint)attachType,
        };
        var result = BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute);
        return result >= 0
            ? new DescriptorLink(FileDescriptor.Adopt(result), description)
            : throw new BpfSyscallException("bpf(BPF_LINK_CREATE)", (int)-result, $"attaching {description}", Syscall.ErrorOf(result) switch
            {
                Errno.EBADF => $"{cgroupPath} is not a directory of cgroup version 2.",
                Errno.EINVAL => "The program's type does not fit, or the kernel was built without it (CONFIG_CGROUP_BPF).",
                Errno.EPERM => PermissionAdvice.ForCgroups() + " Or a program that does not share the cgroup is attached already.",
                Errno.E2BIG => "The cgroup already has 64 programs of this kind, which is the most it takes.",
                _ => null,
            });
    }

    public static FileDescriptor Open(string path, string description)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var result = FileSyscalls.Open(-1, Path.GetFullPath(path));
        return result >= 0
            ? FileDescriptor.Adopt(result)
            : throw new BpfSyscallException("openat", (int)-result, $"attaching {description}", $"{path} can't be opened.");
    }
}

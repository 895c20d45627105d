using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Links by their path and by their id, and what the kernel says of them.</summary>
internal static unsafe class LinkPins
{
    public static BpfLink Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        long result;
        fixed (byte* name = FileSyscalls.Terminated(path))
        {
            var attribute = new ObjectPathAttribute { Path = (ulong)name };
            result = BpfSyscall.Call(BpfCommand.ObjectGet, ref attribute);
        }

        if (result < 0)
            throw new BpfSyscallException("bpf(BPF_OBJ_GET)", (int)-result, $"opening the pinned link {path}", PinRemedy(result));
        var descriptor = FileDescriptor.Adopt(result);
        try
        {
            if (KindOf(descriptor) is { } kind and not ("bpf_link" or "bpf-link"))
                throw new BpfException($"{path} is a {kind}, not a link.");
            var info = Info(descriptor, path);
            return new DescriptorLink(descriptor, $"{info.Type} pinned at {path}");
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    public static BpfLink OpenById(int id)
    {
        var attribute = new ObjectIdAttribute { Id = (uint)id };
        var result = BpfSyscall.Call(BpfCommand.LinkGetFdById, ref attribute);
        if (result < 0)
        {
            throw new BpfSyscallException("bpf(BPF_LINK_GET_FD_BY_ID)", (int)-result, $"opening link {id}", Syscall.ErrorOf(result) switch
            {
                Errno.EPERM => "It takes CAP_SYS_ADMIN to open a link by its id.",
                Errno.ENOENT => "There is no link with that id.",
                Errno.EINVAL => "Links have ids since Linux 5.8.",
                _ => null,
            });
        }

        var descriptor = FileDescriptor.Adopt(result);
        try
        {
            return new DescriptorLink(descriptor, $"{Info(descriptor, $"link {id}").Type} link {id}");
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    public static void Pin(FileDescriptor link, string description, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var lease = link.Lease();
        fixed (byte* name = FileSyscalls.Terminated(path))
        {
            var attribute = new ObjectPathAttribute { Path = (ulong)name, Fd = (uint)lease.Fd };
            var result = BpfSyscall.Call(BpfCommand.ObjectPin, ref attribute);
            if (result < 0)
                throw new BpfSyscallException("bpf(BPF_OBJ_PIN)", (int)-result, $"pinning {description} to {path}", PinRemedy(result));
        }
    }

    public static BpfLinkInfo Info(FileDescriptor link, string description)
    {
        using var lease = link.Lease();
        var info = default(LinkInfo);
        var result = BpfSyscall.GetInfo(lease.Fd, ref info, out var size);
        if (result < 0)
        {
            throw new BpfSyscallException("bpf(BPF_OBJ_GET_INFO_BY_FD)", (int)-result, $"asking about {description}",
                Syscall.ErrorOf(result) == Errno.EINVAL ? "Links can be asked about since Linux 5.8." : null);
        }

        var known = new BpfLinkInfo((int)info.Id, (BpfLinkType)info.Type, (int)info.ProgramId);
        var tellsMisses = size >= LinkInfo.SizeWithMisses;
        return known.Type switch
        {
            BpfLinkType.Tracing =>
                known with { AttachType = (BpfAttachType)info.TracingAttachType, Cookie = info.TracingCookie },
            BpfLinkType.RawTracepoint => known with { Cookie = info.TracingCookie },
            BpfLinkType.Cgroup => known with { AttachType = (BpfAttachType)info.CgroupAttachType },
            BpfLinkType.KprobeMulti =>
                known with { Count = (int)info.KprobeMultiCount, Missed = tellsMisses ? (long)info.KprobeMultiMissed : null },
            BpfLinkType.UprobeMulti => known with { Count = (int)info.UprobeMultiCount },
            // enum bpf_perf_event_type: 3 and 4 are kprobe and kretprobe, whose part of the union is laid out differently.
            BpfLinkType.PerfEvent when info.PerfEventType is 3 or 4 =>
                known with { Cookie = info.KprobeCookie, Missed = tellsMisses ? (long)info.KprobeMissed : null },
            BpfLinkType.PerfEvent when info.PerfEventType != 0 => known with { Cookie = info.PerfEventCookie },
            _ => known,
        };
    }

    /// <summary>
    /// What a descriptor of bpf() is: <c>bpf-map</c>, <c>bpf-prog</c>, <c>bpf-link</c> (also <c>bpf_link</c>); null if /proc does not say.
    /// </summary>
    private static string? KindOf(FileDescriptor descriptor)
    {
        using var lease = descriptor.Lease();
        var target = File.ResolveLinkTarget($"/proc/self/fd/{lease.Fd}", returnFinalTarget: false)?.Name;
        return target?.Replace("anon_inode:", "", StringComparison.Ordinal).Trim('[', ']');
    }

    private static string? PinRemedy(long result) => Syscall.ErrorOf(result) switch
    {
        Errno.ENOENT => "There is no such path.",
        Errno.EEXIST => "There is such a path already: delete it, or open the link that is there.",
        Errno.EPERM or Errno.EACCES or Errno.EINVAL =>
            "The path has to be in a bpf file system (mount -t bpf bpf /sys/fs/bpf), and this process has to be allowed to use it.",
        _ => null,
    };
}

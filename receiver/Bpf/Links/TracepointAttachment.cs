using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Attaches to tracepoints: the classic way by their perf event, or raw.</summary>
internal static unsafe class TracepointAttachment
{
    public static BpfLink AttachClassic(FileDescriptor program, string category, string name, ulong cookie)
    {
        CheckName(category);
        CheckName(name);
        var description = $"tracepoint {category}/{name}";
        if (cookie != 0)
            MissingFeature.Check(KernelFeature.PerfEventLink, $"attaching {description} with a cookie");
        var id = Tracefs.Instance.EventId(category, name);
        if (id < 0)
        {
            if (!Tracefs.Instance.IsAvailable)
                throw new BpfException(
                    $"Attaching {description} is not possible: its id is in tracefs, which is {Tracefs.Instance.Location}.");
            throw new BpfSyscallException(
                $"read(events/{category}/{name}/id)",
                (int)-id,
                $"attaching {description}",
                Syscall.ErrorOf(id) == Errno.ENOENT ? "The kernel has no such tracepoint." : null);
        }

        var attribute = new PerfEventAttribute { Type = PerfEventAttribute.TypeTracepoint, Config = (ulong)id };
        var result = PerfSyscall.Open(ref attribute, pid: -1, cpu: 0);
        if (result < 0)
        {
            throw new BpfSyscallException(
                "perf_event_open",
                (int)-result,
                $"attaching {description}",
                Syscall.ErrorOf(result) is Errno.EPERM or Errno.EACCES ? PermissionAdvice.ForTracing() : null);
        }

        return PerfEventLink.Attach(program, FileDescriptor.Adopt(result), description, cookie);
    }

    public static BpfLink AttachRaw(FileDescriptor program, string name, ulong cookie)
    {
        // Older kernels would take it and lose it.
        if (cookie != 0)
            MissingFeature.Check(KernelFeature.RawTracepointCookie, $"attaching raw_tp {name} with a cookie");
        var result = Open(program, name, cookie);
        return result >= 0
            ? new DescriptorLink(FileDescriptor.Adopt(result), $"raw_tp {name}")
            : throw new BpfSyscallException(
                "bpf(BPF_RAW_TRACEPOINT_OPEN)",
                (int)-result,
                $"attaching raw_tp {name}",
                Syscall.ErrorOf(result) switch
                {
                    Errno.ENOENT => "The kernel has no such tracepoint.",
                    Errno.EINVAL => "The program reads more arguments than the tracepoint has on this kernel, or its type does not fit.",
                    Errno.EPERM => PermissionAdvice.ForTracing(),
                    _ => null,
                });
    }

    /// <summary>BPF_RAW_TRACEPOINT_OPEN. Without a name it is for programs that were loaded for one target.</summary>
    public static long Open(FileDescriptor program, string? name, ulong cookie = 0)
    {
        using var lease = program.Lease();
        fixed (byte* pointer = name is null ? null : FileSyscalls.Terminated(name))
        {
            var attribute = new RawTracepointAttribute { Name = (ulong)pointer, ProgramFd = (uint)lease.Fd, Cookie = cookie };
            return BpfSyscall.Call(BpfCommand.RawTracepointOpen, ref attribute);
        }
    }

    /// <summary>The names become a path below events/.</summary>
    private static void CheckName(string name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
                throw new ArgumentException($"'{name}' is not the name of a tracepoint or of its category.", nameof(name));
        }

        ArgumentException.ThrowIfNullOrEmpty(name);
    }
}

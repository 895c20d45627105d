using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Attaches programs that were loaded for one target: tp_btf, fentry, fexit, fmod_ret, lsm. The kernel knows the target.</summary>
internal static class TracingAttachment
{
    /// <summary>
    /// BPF_LINK_CREATE, which takes a cookie (5.19; for tp_btf 6.10), or, where that does not know such programs, BPF_RAW_TRACEPOINT_OPEN.
    /// </summary>
    public static BpfLink Attach(FileDescriptor program, BpfAttachType attachType, string description, ulong cookie)
    {
        if (cookie != 0)
        {
            MissingFeature.Check(
                attachType == BpfAttachType.TraceRawTracepoint ? KernelFeature.RawTracepointCookie : KernelFeature.TracingCookie,
                $"attaching {description} with a cookie");
        }

        var call = "bpf(BPF_LINK_CREATE)";
        var result = Create(program, attachType, cookie);
        if (cookie == 0 && Syscall.ErrorOf(result) is Errno.EINVAL or Errno.ENOTSUPP or Errno.EOPNOTSUPP)
        {
            call = "bpf(BPF_RAW_TRACEPOINT_OPEN)";
            result = TracepointAttachment.Open(program, null);
        }

        return result >= 0
            ? new DescriptorLink(FileDescriptor.Adopt(result), description)
            : throw new BpfSyscallException(
                call,
                (int)-result,
                $"attaching {description}",
                Syscall.ErrorOf(result) switch
                {
                    Errno.ENOTSUPP or Errno.EOPNOTSUPP
                        => "This kernel has no trampolines for this (CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS).",
                    Errno.EPERM => PermissionAdvice.ForTracing(),
                    Errno.EBUSY => "Something else that can't share it is attached to the function, or it is being patched (live patching).",
                    Errno.E2BIG => "The function already has as many programs as its trampoline takes (38).",
                    Errno.EINVAL => "The program was not loaded for a target, or its type does not fit.",
                    Errno.ENODEV => "The module that the function is in was unloaded.",
                    _ => null,
                });
    }

    public static string NameOf(ProgramKind kind) => kind switch
    {
        ProgramKind.Fentry => "fentry",
        ProgramKind.Fexit => "fexit",
        ProgramKind.Fsession => "fsession",
        ProgramKind.FmodRet => "fmod_ret",
        ProgramKind.Lsm => "lsm",
        _ => "trampoline",
    };

    /// <summary>BPF_LINK_CREATE. The result is a descriptor, or minus the errno.</summary>
    internal static long Create(FileDescriptor program, BpfAttachType attachType, ulong cookie)
    {
        using var lease = program.Lease();
        var attribute = new LinkCreateAttribute
        {
            ProgramFd = (uint)lease.Fd,
            AttachType = (uint)attachType,
            TracingCookie = cookie,
        };
        return BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute);
    }
}

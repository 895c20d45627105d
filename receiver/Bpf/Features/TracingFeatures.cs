using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries raw tracepoints, trampolines, iterators, and links with their cookies, by attaching for a moment.</summary>
internal static class TracingFeatures
{
    private const string Tracepoint = "sched_process_exit"; // not a hot one

    public static FeatureAnswer RawTracepoint()
    {
        var program = ProbePrograms.LoadReturnsZero(BpfProgramType.RawTracepoint);
        if (program < 0)
            return FeatureAnswer.Of(program, "");
        using var descriptor = FileDescriptor.Adopt(program);
        return FeatureAnswer.Of(
            ProbePrograms.Closed(TracepointAttachment.Open(descriptor, Tracepoint)), $"a program was attached to {Tracepoint}");
    }

    public static FeatureAnswer TpBtf(Lazy<BtfTypes> types)
        => Typed(BpfAttachType.TraceRawTracepoint, $"btf_trace_{Tracepoint}", BtfKind.Typedef, types, Open);

    public static FeatureAnswer Fentry(Lazy<BtfTypes> types)
        => Typed(BpfAttachType.TraceFentry, KprobeFeatures.Function, BtfKind.Function, types, Open);

    /// <summary>
    /// BPF_LINK_CREATE takes such programs since there are cookies; a typed tracepoint shows it, for policies leave it alone.
    /// </summary>
    public static FeatureAnswer TracingCookie(Lazy<BtfTypes> types) => Typed(
        BpfAttachType.TraceRawTracepoint, $"btf_trace_{Tracepoint}", BtfKind.Typedef, types,
        program => TracingAttachment.Create(program, BpfAttachType.TraceRawTracepoint, 0));

    public static FeatureAnswer Iterator(Lazy<BtfTypes> types) => Typed(
        BpfAttachType.TraceIterator, "bpf_iter_task", BtfKind.Function, types,
        program => TracingAttachment.Create(program, BpfAttachType.TraceIterator, 0));

    /// <summary>EBADF: the kernel looked for the program; EINVAL: it minds the cookie.</summary>
    public static FeatureAnswer RawTracepointCookie()
    {
        var attribute = new RawTracepointAttribute { ProgramFd = uint.MaxValue, Cookie = 1 };
        var result = BpfSyscall.Call(BpfCommand.RawTracepointOpen, ref attribute);
        return FeatureAnswer.Of(Syscall.ErrorOf(result) == Errno.EBADF ? 0 : result, "the call takes one");
    }

    public static FeatureAnswer PerfEventLink() => LinkToNothing(BpfProgramType.Tracepoint, BpfAttachType.PerfEvent);

    public static FeatureAnswer CgroupLink() => LinkToNothing(BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetEgress);

    /// <summary>EBADF: the kernel looked for the target; EINVAL: it does not know this kind of link.</summary>
    private static FeatureAnswer LinkToNothing(BpfProgramType type, BpfAttachType attachType)
    {
        var program = ProbePrograms.LoadReturnsZero(type, type == BpfProgramType.CgroupSkb ? attachType : default);
        if (program < 0)
        {
            return FeatureAnswer.Unknown(
                $"No program can be loaded to try it ({BpfSyscallException.NameOf((int)-program)}). {FeatureAnswer.Advice(program)}");
        }

        using var descriptor = FileDescriptor.Adopt(program);
        using var lease = descriptor.Lease();
        var attribute = new LinkCreateAttribute
        {
            ProgramFd = (uint)lease.Fd,
            TargetFd = uint.MaxValue,
            AttachType = (uint)attachType,
        };
        var result = ProbePrograms.Closed(BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute));
        return FeatureAnswer.Of(Syscall.ErrorOf(result) == Errno.EBADF ? 0 : result, "such links are known");
    }

    private static long Open(FileDescriptor program) => TracepointAttachment.Open(program, null);

    private static FeatureAnswer Typed(
        BpfAttachType attachType, string name, BtfKind kind, Lazy<BtfTypes> types, Func<FileDescriptor, long> attach)
    {
        uint id;
        try
        {
            if (!types.Value.TryFind(name, kind, out id))
            {
                // An iterator that is not there is one that the kernel does not have; the others every kernel has.
                return attachType == BpfAttachType.TraceIterator
                    ? FeatureAnswer.No($"The kernel's types have no {name}. It is older than this feature, or was built without it.")
                    : FeatureAnswer.Unknown($"The kernel's types have no {name} to try it with.");
            }
        }
        catch (BpfException e)
        {
            return FeatureAnswer.No(e.Message);
        }

        var program = ProbePrograms.LoadReturnsZero(BpfProgramType.Tracing, attachType, id);
        if (program < 0)
            return FeatureAnswer.Of(program, "");
        using var descriptor = FileDescriptor.Adopt(program);
        return FeatureAnswer.Of(ProbePrograms.Closed(attach(descriptor)), $"a program was attached to {name}");
    }
}

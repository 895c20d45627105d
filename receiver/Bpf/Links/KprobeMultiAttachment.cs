using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Attaches to many kernel functions by one link: kprobe.multi (Linux 5.18), kprobe.session (6.10).</summary>
internal static unsafe class KprobeMultiAttachment
{
    private const uint AtReturn = 1; // BPF_F_KPROBE_MULTI_RETURN
    private const int Limit = 1 << 20; // MAX_KPROBE_MULTI_CNT of kernel/trace/bpf_trace.c

    public static BpfLink Attach(FileDescriptor program, KprobeMultiOptions options, bool isSession)
    {
        var kind = isSession ? "kprobe.session" : options.AtReturn ? "kretprobe.multi" : "kprobe.multi";
        var (names, addresses, what) = Targets(options, kind);
        var count = names.Count + addresses.Count;
        var description = $"{kind} {what}";
        if (count == 0)
            throw new BpfException($"Attaching {description} is not possible: no function that can be traced has such a name.");
        if (count > Limit)
            throw new BpfException($"Attaching {description} is not possible: these are {count} functions, and a link takes {Limit}.");
        if (options.Cookies is { } wanted && wanted.Count != count)
            throw new BpfException($"Attaching {description} is not possible: there are {wanted.Count} cookies for {count} functions.");
        if (isSession && options.AtReturn)
            throw new BpfException($"Attaching {description} is not possible: a session is at entry and return both.");

        var attachType = isSession ? BpfAttachType.TraceKprobeSession : BpfAttachType.TraceKprobeMulti;
        var result = Create(program, attachType, names, addresses, options);
        return result >= 0
            ? new DescriptorLink(FileDescriptor.Adopt(result), description)
            : throw Refused(result, description, isSession);
    }

    private static (IReadOnlyList<string> Names, IReadOnlyList<ulong> Addresses, string What) Targets(KprobeMultiOptions options, string kind)
    {
        var ways = (options.Symbols is null ? 0 : 1) + (options.Addresses is null ? 0 : 1) + (options.Pattern is null ? 0 : 1);
        if (ways != 1)
            throw new BpfException($"Attaching {kind} takes either symbols, or addresses, or a pattern; {ways} of them are given.");
        if (options.Symbols is { } symbols)
            return (symbols, [], symbols.Count == 1 ? symbols[0] : $"{symbols.Count} functions");
        if (options.Addresses is { } addresses)
            return ([], addresses, $"{addresses.Count} addresses");
        var pattern = options.Pattern!;
        if (!Glob.IsPattern(pattern))
            return ([pattern], [], pattern);
        var found = ProbedFunctions.Matching(pattern);
        return (found.Names, found.Addresses, $"{pattern} ({found.Count} functions)");
    }

    /// <summary>BPF_LINK_CREATE. The result is a descriptor, or minus the errno.</summary>
    internal static long Create(
        FileDescriptor program, BpfAttachType attachType, IReadOnlyList<string> names, IReadOnlyList<ulong> addresses,
        KprobeMultiOptions options)
    {
        using var strings = new NativeStrings(names);
        using var lease = program.Lease();
        var addressArray = addresses.ToArray();
        var cookieArray = options.Cookies?.ToArray() ?? [];
        fixed (ulong* pointers = strings.Pointers, addressPointer = addressArray, cookies = cookieArray)
        {
            var attribute = new LinkCreateAttribute
            {
                ProgramFd = (uint)lease.Fd,
                AttachType = (uint)attachType,
                KprobeMultiFlags = options.AtReturn ? AtReturn : 0,
                KprobeMultiCount = (uint)(names.Count + addresses.Count),
                Symbols = names.Count > 0 ? (ulong)pointers : 0,
                Addresses = (ulong)addressPointer,
                Cookies = (ulong)cookies,
            };
            return BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute);
        }
    }

    private static BpfSyscallException Refused(long result, string description, bool isSession) => new(
        "bpf(BPF_LINK_CREATE)",
        (int)-result,
        $"attaching {description}",
        Syscall.ErrorOf(result) switch
        {
            Errno.ESRCH or Errno.ENOENT => "The kernel does not have one of the functions, or it can't be traced.",
            Errno.EADDRNOTAVAIL => "The kernel has several functions of one of the names.",
            Errno.EOPNOTSUPP or Errno.ENOTSUPP => "This kernel was built without what it needs (CONFIG_FPROBE, CONFIG_KPROBES).",
            Errno.EINVAL => isSession
                ? $"Sessions are known since Linux {KernelFeatures.Find(KernelFeature.KprobeSession).MinimumKernel}, for programs loaded as such."
                : $"Such links are known since Linux {KernelFeatures.Find(KernelFeature.KprobeMulti).MinimumKernel}, for programs loaded as such.",
            Errno.E2BIG => "These are more functions than a link takes.",
            Errno.EPERM => PermissionAdvice.ForTracing(),
            _ => null,
        });
}

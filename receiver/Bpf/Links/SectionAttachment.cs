namespace EbpfReceiver.Bpf;

/// <summary>Attaches a program to what its section names, by the conventions that BPF C has come to share.</summary>
internal static class SectionAttachment
{
    public static BpfLink Attach(BpfProgram program)
    {
        var target = program.Spec.AttachTarget;
        var isOptional = program.Spec.Kind is ProgramKind.TpBtf or ProgramKind.Fentry or ProgramKind.Fexit or ProgramKind.Fsession
            or ProgramKind.FmodRet or ProgramKind.Lsm or ProgramKind.Iterator;
        if (target.Length == 0 && !isOptional)
            throw Untold(program);
        switch (program.Spec.Kind)
        {
            case ProgramKind.Kprobe or ProgramKind.Kretprobe:
                return AttachKprobe(program, target, program.Spec.Kind == ProgramKind.Kretprobe);
            case ProgramKind.KprobeMulti or ProgramKind.KretprobeMulti or ProgramKind.KprobeSession:
                return program.AttachKprobeMulti(new KprobeMultiOptions { Pattern = target });
            case ProgramKind.Ksyscall or ProgramKind.Kretsyscall:
                return program.AttachKsyscall(target, new KprobeOptions { AtReturn = program.Spec.Kind == ProgramKind.Kretsyscall });
            case ProgramKind.Tracepoint when target.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash:
                return program.AttachTracepoint(target[..slash], target[(slash + 1)..]);
            case ProgramKind.RawTracepoint or ProgramKind.RawTracepointWritable:
                return program.AttachRawTracepoint(target);
            case ProgramKind.TpBtf:
                return program.AttachTpBtf();
            case ProgramKind.Fentry or ProgramKind.Fexit or ProgramKind.Fsession or ProgramKind.FmodRet or ProgramKind.Lsm:
                return program.AttachTrampoline();
            case ProgramKind.Iterator:
                return program.AttachIterator();
            case ProgramKind.Uprobe or ProgramKind.Uretprobe when target.LastIndexOf(':') is > 0 and var colon:
                return AttachUprobe(program, target[..colon], target[(colon + 1)..]);
            case ProgramKind.UprobeMulti or ProgramKind.UretprobeMulti or ProgramKind.UprobeSession
                when target.LastIndexOf(':') is > 0 and var colon:
                return program.AttachUprobeMulti(target[..colon], new UprobeMultiOptions { Pattern = target[(colon + 1)..] });
            case ProgramKind.Usdt when target.LastIndexOf(':') is > 0 and var last && target.LastIndexOf(':', last - 1) is > 0 and var middle:
                return program.AttachUsdt(target[..middle], target[(middle + 1)..last], target[(last + 1)..]);
            default:
                throw Untold(program);
        }
    }

    private static BpfLink AttachKprobe(BpfProgram program, string target, bool atReturn)
    {
        var offset = SymbolName.TakeOffset(ref target);
        return program.AttachKprobe(target, new KprobeOptions { AtReturn = atReturn, Offset = offset });
    }

    private static BpfLink AttachUprobe(BpfProgram program, string file, string symbol)
    {
        var options = new UprobeOptions { AtReturn = program.Spec.Kind == ProgramKind.Uretprobe };
        // A number in place of a name is an offset in the file.
        return SymbolName.TryParse(symbol, out var offset)
            ? program.AttachUprobe(ProbedFiles.Locate(file), offset, options)
            : program.AttachUprobe(file, symbol, options);
    }

    private static BpfException Untold(BpfProgram program) => new(
        $"The section {program.Spec.SectionName} of program {program.Spec.Name} does not say where to attach it"
        + program.Spec.Kind switch
        {
            ProgramKind.Kprobe or ProgramKind.Kretprobe => ": kprobe/FUNCTION does, or AttachKprobe.",
            ProgramKind.KprobeMulti or ProgramKind.KretprobeMulti or ProgramKind.KprobeSession =>
                ": kprobe.multi/PATTERN does, or AttachKprobeMulti.",
            ProgramKind.Ksyscall or ProgramKind.Kretsyscall => ": ksyscall/NAME does, or AttachKsyscall.",
            ProgramKind.Uprobe or ProgramKind.Uretprobe => ": uprobe/FILE:FUNCTION does, or AttachUprobe.",
            ProgramKind.UprobeMulti or ProgramKind.UretprobeMulti or ProgramKind.UprobeSession =>
                ": uprobe.multi/FILE:PATTERN does, or AttachUprobeMulti.",
            ProgramKind.Usdt => ": usdt/FILE:PROVIDER:NAME does, or AttachUsdt.",
            ProgramKind.Tracepoint => ": tp/CATEGORY/NAME does, or AttachTracepoint.",
            ProgramKind.RawTracepoint or ProgramKind.RawTracepointWritable => ": raw_tp/NAME does, or AttachRawTracepoint.",
            ProgramKind.PerfEvent => ": AttachClock and AttachPerfEvent do.",
            ProgramKind.Cgroup or ProgramKind.LsmCgroup => ": it takes a cgroup, which AttachCgroup does.",
            ProgramKind.Syscall => ": such programs are not attached but run.",
            ProgramKind.Unspecified => ": its name is not one that this loader knows.",
            _ => ": programs of this kind are not for tracing, and this loader does not attach them.",
        });
}

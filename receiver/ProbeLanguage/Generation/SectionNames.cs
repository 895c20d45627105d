using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Section names, which tell the loader what a program is and where it goes.</summary>
internal static class SectionNames
{
    public static string Of(ProgramKind kind, string target)
    {
        var prefix = kind switch
        {
            ProgramKind.Kprobe => "kprobe",
            ProgramKind.Kretprobe => "kretprobe",
            ProgramKind.KprobeMulti => "kprobe.multi",
            ProgramKind.KretprobeMulti => "kretprobe.multi",
            ProgramKind.Ksyscall => "ksyscall",
            ProgramKind.Kretsyscall => "kretsyscall",
            ProgramKind.Uprobe => "uprobe",
            ProgramKind.Uretprobe => "uretprobe",
            ProgramKind.UprobeMulti => "uprobe.multi",
            ProgramKind.UretprobeMulti => "uretprobe.multi",
            ProgramKind.Usdt => "usdt",
            ProgramKind.Tracepoint => "tp",
            ProgramKind.RawTracepoint => "raw_tp",
            ProgramKind.TpBtf => "tp_btf",
            ProgramKind.Fentry => "fentry",
            ProgramKind.Fexit => "fexit",
            ProgramKind.PerfEvent => "perf_event",
            _ => throw new BpfException($"Probes can't have programs of kind {kind}."),
        };
        return target.Length == 0 ? prefix : $"{prefix}/{target}";
    }
}

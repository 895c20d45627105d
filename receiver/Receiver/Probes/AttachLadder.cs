using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Probes;

/// <summary>
/// The order in which kinds of programs are tried: typed access and low cost first. What a hit costs is from public measurements of
/// trigger rates on x86-64; a magnitude.
/// </summary>
internal static class AttachLadder
{
    /// <summary>The place of a kind; lower is tried earlier.</summary>
    public static int RankOf(ProgramKind kind) => kind switch
    {
        ProgramKind.TpBtf => 0,
        ProgramKind.RawTracepoint => 1,
        ProgramKind.Tracepoint => 2,
        ProgramKind.Fentry or ProgramKind.Fexit or ProgramKind.FmodRet => 3,
        ProgramKind.KprobeMulti or ProgramKind.KretprobeMulti => 4,
        ProgramKind.Kprobe or ProgramKind.Kretprobe or ProgramKind.Ksyscall or ProgramKind.Kretsyscall => 5,
        ProgramKind.UprobeMulti or ProgramKind.UretprobeMulti => 6,
        ProgramKind.Uprobe or ProgramKind.Uretprobe or ProgramKind.Usdt => 7,
        _ => 8,
    };

    /// <summary>What a kind is called in configuration and output.</summary>
    public static string NameOf(ProgramKind kind) => kind switch
    {
        ProgramKind.TpBtf => "tp_btf",
        ProgramKind.RawTracepoint => "raw_tp",
        ProgramKind.Tracepoint => "tracepoint",
        ProgramKind.Fentry or ProgramKind.Fexit or ProgramKind.FmodRet => "fentry",
        ProgramKind.KprobeMulti or ProgramKind.KretprobeMulti => "kprobe.multi",
        ProgramKind.Kprobe or ProgramKind.Kretprobe or ProgramKind.Ksyscall or ProgramKind.Kretsyscall => "kprobe",
        ProgramKind.UprobeMulti or ProgramKind.UretprobeMulti => "uprobe.multi",
        ProgramKind.Uprobe or ProgramKind.Uretprobe => "uprobe",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Whether a configuration lets a kind be tried. Hooks in programs are always uprobes.</summary>
    public static bool Allows(AttachPreference preference, ProgramKind kind) => RankOf(kind) > 5 || preference switch
    {
        AttachPreference.TpBtf => RankOf(kind) == 0,
        AttachPreference.RawTp => RankOf(kind) == 1,
        AttachPreference.Tracepoint => RankOf(kind) == 2,
        AttachPreference.Fentry => RankOf(kind) == 3,
        AttachPreference.Kprobe => RankOf(kind) is 4 or 5,
        _ => true,
    };

    /// <summary>The first kernel that has a kind, as far as a kernel's age can be the reason of a refusal.</summary>
    /// <param name="kind">What the kind is called (<see cref="NameOf"/>).</param>
    public static string? MinimumKernelOf(string kind) => kind switch
    {
        "tp_btf" or "fentry" => "5.5",
        "raw_tp" => "4.17",
        "kprobe.multi" => "5.18",
        "uprobe.multi" => "6.6",
        _ => null,
    };

    /// <summary>Nanoseconds that entering a program of a kind costs.</summary>
    public static int EntryCostOf(ProgramKind kind) => kind switch
    {
        ProgramKind.TpBtf or ProgramKind.RawTracepoint => 5,
        ProgramKind.Fentry => 7,
        ProgramKind.Tracepoint => 12,
        ProgramKind.Fexit => 15,
        ProgramKind.Kprobe or ProgramKind.KprobeMulti or ProgramKind.Ksyscall => 18,
        ProgramKind.Kretprobe or ProgramKind.KretprobeMulti or ProgramKind.Kretsyscall => 45,
        ProgramKind.Uprobe or ProgramKind.UprobeMulti or ProgramKind.Usdt => 320,
        ProgramKind.Uretprobe or ProgramKind.UretprobeMulti => 900,
        _ => 20,
    };
}

using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries the ways of attaching to kernel functions by kprobes.</summary>
internal static class KprobeFeatures
{
    /// <summary>In every kernel, not inlined, not excluded from probing.</summary>
    public const string Function = "vfs_read";

    public static FeatureAnswer ByPerf()
    {
        if (PerfProbeType.Kprobe is not { } type)
        {
            return FeatureAnswer.No(
                "There is no /sys/bus/event_source/devices/kprobe: the kernel was built without kprobes (CONFIG_KPROBE_EVENTS).");
        }

        var result = ProbePrograms.Closed(KprobeAttachment.OpenEvent(type, Function, 0, atReturn: false));
        return FeatureAnswer.Of(result, $"a kprobe on {Function} was opened");
    }

    public static FeatureAnswer ByTracefs()
    {
        if (!Tracefs.Instance.IsAvailable)
            return FeatureAnswer.Unknown($"tracefs is {Tracefs.Instance.Location}.");
        // Writing would leave something behind; who may read it and is root may write it.
        var result = Tracefs.Instance.Read("kprobe_events", stackalloc byte[16]);
        return Syscall.ErrorOf(result) == Errno.ENOENT
            ? FeatureAnswer.No("tracefs has no kprobe_events: the kernel was built without kprobes (CONFIG_KPROBE_EVENTS).")
            : FeatureAnswer.Of(result, "tracefs has kprobe_events");
    }

    public static FeatureAnswer Multi(BpfAttachType attachType)
    {
        var program = ProbePrograms.LoadReturnsZero(BpfProgramType.Kprobe, attachType);
        if (program < 0)
            return FeatureAnswer.Of(program, "");
        using var descriptor = FileDescriptor.Adopt(program);
        var result = KprobeMultiAttachment.Create(descriptor, attachType, [Function], [], new KprobeMultiOptions());
        return FeatureAnswer.Of(ProbePrograms.Closed(result), $"a program was linked to {Function}");
    }
}

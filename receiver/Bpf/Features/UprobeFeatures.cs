using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries the ways of attaching to programs in user space.</summary>
internal static unsafe class UprobeFeatures
{
    public static FeatureAnswer ByPerf()
    {
        if (PerfProbeType.Uprobe is not { } type)
        {
            return FeatureAnswer.No(
                "There is no /sys/bus/event_source/devices/uprobe: the kernel was built without uprobes (CONFIG_UPROBE_EVENTS).");
        }

        // A directory can't be probed: EINVAL shows that the kernel got as far as looking at the file, and no process was touched.
        long result;
        fixed (byte* name = FileSyscalls.Terminated("/"))
        {
            var attribute = new PerfEventAttribute { Type = type.Type, Config1 = (ulong)name };
            result = ProbePrograms.Closed(PerfSyscall.Open(ref attribute, pid: -1, cpu: 0));
        }

        return Syscall.ErrorOf(result) switch
        {
            Errno.EINVAL => FeatureAnswer.Yes("The kernel looks for the file of a uprobe."),
            Errno.EPERM or Errno.EACCES => FeatureAnswer.No(
                $"The kernel answers {BpfSyscallException.NameOf((int)-result)}. {PermissionAdvice.ForUprobes()}"),
            _ => FeatureAnswer.Of(result, "a uprobe was opened"),
        };
    }

    public static FeatureAnswer Multi(BpfAttachType attachType)
    {
        var program = ProbePrograms.LoadReturnsZero(BpfProgramType.Kprobe, attachType);
        if (program < 0)
            return FeatureAnswer.Of(program, "");
        using var descriptor = FileDescriptor.Adopt(program);
        // "/" is no regular file (EBADF); and only a kernel whose filter is by process, not by thread, minds a pid of -1 (EINVAL).
        var anyone = Link(0);
        if (Syscall.ErrorOf(anyone) != Errno.EBADF)
            return FeatureAnswer.Of(anyone < 0 ? anyone : -(long)Errno.EINVAL, "");
        return Syscall.ErrorOf(Link(-1)) == Errno.EINVAL
            ? FeatureAnswer.Yes("Such links are known, with a filter by process.")
            : FeatureAnswer.No("Such links are known, but their filter is by thread: the kernel lacks a fix of 6.10 and of stable kernels.");

        long Link(int pid) => ProbePrograms.Closed(UprobeMultiAttachment.Create(
            descriptor, attachType, new UprobePlaces("/", [0], [], []), atReturn: false, pid));
    }

    public static FeatureAnswer Semaphore() => PerfProbeType.Uprobe is { SemaphoreShift: >= 0 }
        ? FeatureAnswer.Yes("Events of uprobes have a field for it (ref_ctr_offset).")
        : FeatureAnswer.No("Events of uprobes have no field for it (/sys/bus/event_source/devices/uprobe/format/ref_ctr_offset).");

    /// <summary>Called by anyone but the kernel's own trampolines, uprobe(2) says so (ENXIO) where it is known.</summary>
    public static FeatureAnswer Call()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return FeatureAnswer.No("Only x86-64 has it.");
        var result = Syscall.Call(SyscallNumbers.Uprobe, 0, 0, 0);
        // It is for the trampoline of the kernel's own alone: others get ENXIO, and since 7.0 EPROTO.
        return Syscall.ErrorOf(result) is Errno.ENXIO or Errno.EPROTO ? FeatureAnswer.Yes("uprobe(2) is known.") : FeatureAnswer.Of(result, "it was called");
    }
}

using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Attaches to an instruction of a file, in every process that maps it: by perf_uprobe (Linux 4.17).</summary>
internal static unsafe class UprobeAttachment
{
    public static BpfLink Attach(FileDescriptor program, string path, ulong fileOffset, UprobeOptions options, Action? afterClose = null)
    {
        var description = string.Create(
            CultureInfo.InvariantCulture, $"{(options.AtReturn ? "uretprobe" : "uprobe")} {path}+0x{fileOffset:x} (perf_uprobe)");
        if (options.Cookie != 0)
            MissingFeature.Check(KernelFeature.PerfEventLink, $"attaching {description} with a cookie");
        var result = Open(Type(description), path, fileOffset, options, description);
        return result >= 0
            ? PerfEventLink.Attach(program, FileDescriptor.Adopt(result), description, options.Cookie, afterClose)
            : throw Refused(result, description, path, options);
    }

    /// <summary>The pid as the kernel takes it: -1 for all.</summary>
    public static int Process(int pid) => pid switch
    {
        0 => Environment.ProcessId,
        >= -1 => pid,
        _ => throw new ArgumentOutOfRangeException(nameof(pid), pid, "A process id is positive; 0 is this process and -1 every one."),
    };

    private static PerfProbeType Type(string description) => PerfProbeType.Uprobe ?? throw new BpfException(
        $"Attaching {description} is not possible: this kernel was built without uprobes (CONFIG_UPROBE_EVENTS).");

    private static long Open(PerfProbeType type, string path, ulong fileOffset, UprobeOptions options, string description)
    {
        var config = options.AtReturn ? 1UL << type.ReturnBit : 0;
        if (options.SemaphoreOffset != 0)
        {
            if (type.SemaphoreShift < 0)
                throw new BpfException($"Attaching {description} with a semaphore is not possible on this kernel (Linux 4.20 and later can).");
            if (options.SemaphoreOffset > ulong.MaxValue >> type.SemaphoreShift)
            {
                throw new BpfException(
                    $"Attaching {description} is not possible: its semaphore is at {options.SemaphoreOffset} in the file, too far for an event.");
            }

            config |= options.SemaphoreOffset << type.SemaphoreShift;
        }

        fixed (byte* name = FileSyscalls.Terminated(path))
        {
            var attribute = new PerfEventAttribute
            {
                Type = type.Type,
                Config = config,
                Config1 = (ulong)name,
                Config2 = fileOffset,
            };
            // One process on any CPU, or any process: then the CPU only says where the event is kept.
            var pid = Process(options.ProcessId);
            return PerfSyscall.Open(ref attribute, pid, pid == -1 ? 0 : -1);
        }
    }

    private static BpfSyscallException Refused(long result, string description, string path, UprobeOptions options) => new(
        "perf_event_open",
        (int)-result,
        $"attaching {description}",
        Syscall.ErrorOf(result) switch
        {
            Errno.ENOENT => $"There is no file {path}.",
            Errno.EINVAL => "It is not a regular file, or the offset is past its end"
                + (options.SemaphoreOffset == 0 ? "." : ", or another probe is there with another semaphore."),
            Errno.ENOTSUPP => "There is a breakpoint or an instruction that can't be probed at that offset.",
            Errno.EIO => "The instruction can't be read there.",
            Errno.ESRCH => $"There is no process {options.ProcessId}.",
            Errno.EPERM or Errno.EACCES => PermissionAdvice.ForUprobes(),
            _ => null,
        });
}

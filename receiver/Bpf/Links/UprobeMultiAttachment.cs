using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Attaches to places in a file by one uprobe.multi link (Linux 6.6). Also for a single place: these links are made and closed without the
/// lock of all trace events, under which each perf_uprobe waits for the kernel on its own; closing twenty took two seconds so, and a tenth
/// of that this way.
/// </summary>
internal static unsafe class UprobeMultiAttachment
{
    /// <summary>BPF_F_UPROBE_MULTI_RETURN of linux/bpf.h.</summary>
    private const uint AtReturn = 1;
    private const int Limit = 1 << 20; // MAX_UPROBE_MULTI_CNT of kernel/trace/bpf_trace.c

    /// <summary>
    /// Whether a program is loaded for such a link, which is settled before it is attached. A program of sections uprobe, uretprobe and usdt
    /// is where the kernel has them, unless its expected attach type was set to something else (<see cref="BpfAttachType.PerfEvent"/>).
    /// </summary>
    public static bool IsFor(ProgramSpec spec) =>
        spec.Kind is ProgramKind.Uprobe or ProgramKind.Uretprobe or ProgramKind.Usdt
        && spec.ExpectedAttachType == default
        && KernelFeatures.Probe(KernelFeature.UprobeMulti).Availability == FeatureAvailability.Yes;

    /// <summary>Attaches to one place.</summary>
    public static BpfLink Attach(FileDescriptor program, string path, ulong fileOffset, UprobeOptions options)
    {
        var description = string.Create(
            CultureInfo.InvariantCulture, $"{(options.AtReturn ? "uretprobe" : "uprobe")} {path}+0x{fileOffset:x} (uprobe.multi)");
        var places = new UprobePlaces(path, [fileOffset], One(options.SemaphoreOffset), One(options.Cookie));
        return Attach(program, BpfAttachType.TraceUprobeMulti, places, options.AtReturn, options.ProcessId, description);

        static ulong[] One(ulong value) => value == 0 ? [] : [value];
    }

    /// <summary>Attaches to many places.</summary>
    public static BpfLink Attach(
        FileDescriptor program, BpfAttachType attachType, in UprobePlaces places, bool atReturn, int pid, string description,
        Action? afterClose = null)
    {
        if (places.Offsets.Length > Limit)
            throw new BpfException($"Attaching {description} is not possible: a link takes {Limit} places.");
        var process = UprobeAttachment.Process(pid);
        var result = Create(program, attachType, places, atReturn, process == -1 ? 0 : process);
        return result >= 0
            ? new DescriptorLink(FileDescriptor.Adopt(result), description, afterClose)
            : throw Refused(result, description, places.Path, pid);
    }

    /// <summary>BPF_LINK_CREATE, with a pid of 0 for all. The result is a descriptor, or minus the errno.</summary>
    public static long Create(FileDescriptor program, BpfAttachType attachType, in UprobePlaces places, bool atReturn, int pid)
    {
        using var lease = program.Lease();
        fixed (byte* path = FileSyscalls.Terminated(places.Path))
        fixed (ulong* offsets = places.Offsets, semaphores = places.Semaphores, cookies = places.Cookies)
        {
            var attribute = new LinkCreateAttribute
            {
                ProgramFd = (uint)lease.Fd,
                AttachType = (uint)attachType,
                Cookie = (ulong)path,
                Symbols = (ulong)offsets,
                Addresses = (ulong)semaphores,
                Cookies = (ulong)cookies,
                UprobeMultiCount = (uint)places.Offsets.Length,
                UprobeMultiFlags = atReturn ? AtReturn : 0,
                UprobeMultiPid = pid,
            };
            return BpfSyscall.Call(BpfCommand.LinkCreate, ref attribute);
        }
    }

    private static BpfSyscallException Refused(long result, string description, string path, int pid) => new(
        "bpf(BPF_LINK_CREATE)",
        (int)-result,
        $"attaching {description}",
        Syscall.ErrorOf(result) switch
        {
            Errno.ENOENT => $"There is no file {path}.",
            Errno.EBADF => $"{path} is not a regular file.",
            Errno.EINVAL => "The offset is past the end of the file, or the program was not loaded for such a link.",
            Errno.ENOTSUPP => "There is a breakpoint or an instruction that can't be probed at that offset.",
            Errno.EIO => "The instruction can't be read there.",
            Errno.ESRCH => $"There is no process {pid}.",
            Errno.EPERM or Errno.EACCES => PermissionAdvice.ForTracing(),
            _ => null,
        });
}

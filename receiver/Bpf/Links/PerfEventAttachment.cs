using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Runs a program each time that a perf event has counted so far, on every CPU or for one process.</summary>
internal static class PerfEventAttachment
{
    private const ulong Inherit = 1 << 1;

    public static BpfLink Attach(FileDescriptor program, PerfEventOptions options)
    {
        var description = Describe(options);
        if ((options.Period == 0) == (options.Frequency == 0))
            throw new BpfException($"Attaching {description} takes either a period or a frequency.");
        if (options.Cookie != 0)
            MissingFeature.Check(KernelFeature.PerfEventLink, $"attaching {description} with a cookie");
        var links = options.ProcessId == -1
            ? LinkGroup.All(options.Cpu is { } cpu ? [cpu] : CpuList.Online(), one => Open(program, options, description, -1, one))
            : LinkGroup.All(ThreadsOf(options.ProcessId, description), one => Open(program, options, description, one, options.Cpu ?? -1));
        return links.Count == 1 ? links[0] : new LinkGroup(links, description);
    }

    private static PerfEventLink? Open(FileDescriptor program, PerfEventOptions options, string description, int thread, int cpu)
    {
        var attribute = new PerfEventAttribute
        {
            Type = (uint)options.Type,
            Config = options.Config,
            Period = options.Frequency != 0 ? options.Frequency : options.Period,
            Flags = (options.Frequency != 0 ? PerfEventAttribute.FlagFrequency : 0) | (thread == -1 ? 0 : Inherit),
        };
        var result = PerfSyscall.Open(ref attribute, thread, cpu);
        var error = Syscall.ErrorOf(result);
        if ((error == Errno.ENODEV && options.Cpu is null) || (error == Errno.ESRCH && Directory.Exists($"/proc/{options.ProcessId}")))
            return null; // the CPU was switched off meanwhile, or the thread ended
        var where = string.Create(CultureInfo.InvariantCulture, $"{description} {(thread == -1 ? $"on CPU {cpu}" : $"of thread {thread}")}");
        return result >= 0
            ? PerfEventLink.Attach(program, FileDescriptor.Adopt(result), where, options.Cookie)
            : throw new BpfSyscallException("perf_event_open", (int)-result, $"attaching {where}", error switch
            {
                Errno.EINVAL when options.Frequency != 0 => "The rate is above kernel.perf_event_max_sample_rate, or there is no such event.",
                Errno.ENOENT or Errno.EOPNOTSUPP or Errno.EINVAL or Errno.ENODEV =>
                    "This machine has no such event, or can't interrupt for it; virtual machines often lack the counters of the CPU.",
                Errno.EPERM or Errno.EACCES => PermissionAdvice.ForPerfEvents(),
                Errno.ESRCH => $"There is no process {options.ProcessId}.",
                Errno.EMFILE => "This process has too many files open (ulimit -n): a perf event takes one for each CPU or thread.",
                _ => null,
            });
    }

    private static List<int> ThreadsOf(int process, string description)
    {
        try
        {
            var threads = new List<int>();
            foreach (var directory in Directory.GetDirectories($"/proc/{(process == 0 ? Environment.ProcessId : process)}/task"))
                threads.Add(int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture));
            return threads;
        }
        catch (IOException e)
        {
            throw new BpfException($"Attaching {description} is not possible: there is no process {process}.", e);
        }
    }

    private static string Describe(PerfEventOptions options)
    {
        var what = options.Type switch
        {
            PerfEventType.Software => options.Config == 0 ? "cpu-clock" : $"{(PerfSoftwareEvent)options.Config}",
            PerfEventType.Hardware => $"{(PerfHardwareEvent)options.Config}",
            _ => string.Create(CultureInfo.InvariantCulture, $"perf event {options.Type}:0x{options.Config:x}"),
        };
        return options.Frequency != 0
            ? string.Create(CultureInfo.InvariantCulture, $"{what} {options.Frequency} Hz")
            : string.Create(CultureInfo.InvariantCulture, $"{what} every {options.Period}");
    }
}

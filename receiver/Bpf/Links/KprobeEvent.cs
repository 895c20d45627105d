using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A kprobe as kernels before 4.17 make it: an event is made by a line in kprobe_events of tracefs, and removed by another. Also the only
/// way to say how many returns may be waited for.
/// </summary>
internal static class KprobeEvent
{
    private const string ControlFile = "kprobe_events";
    private const int NameLimit = 63; // MAX_EVENT_NAME_LEN - 1, for group and event

    /// <summary>Of this process, also among those of other containers that have the same process id.</summary>
    private static readonly string Group =
        string.Create(CultureInfo.InvariantCulture, $"ebpf_receiver_{Environment.ProcessId}_{Random.Shared.Next():x}");

    private static int _number;

    public static BpfLink Attach(FileDescriptor program, string symbol, string place, KprobeOptions options)
    {
        var description = $"{(options.AtReturn ? "kretprobe" : "kprobe")} {place} (tracefs)";
        if (!Tracefs.Instance.IsAvailable)
        {
            throw new BpfException($"Attaching {description} is not possible: "
                + (PerfProbeType.Kprobe is null ? "the kernel has no perf_kprobe, and " : "") + $"tracefs is {Tracefs.Instance.Location}.");
        }

        var name = Name(symbol, Interlocked.Increment(ref _number));
        var active = options.MaximumActive == 0 ? "" : options.MaximumActive.ToString(CultureInfo.InvariantCulture);
        var made = Tracefs.Instance.Append(ControlFile, $"{(options.AtReturn ? 'r' : 'p')}{active}:{Group}/{name} {place}\n");
        if (Syscall.ErrorOf(made) == Errno.ENOENT && Tracefs.Instance.Read(ControlFile, stackalloc byte[1]) == -(long)Errno.ENOENT)
        {
            throw new BpfException(
                $"Attaching {description} is not possible: this kernel was built without kprobes (CONFIG_KPROBES): it has neither "
                    + "perf_kprobe nor kprobe_events.");
        }

        if (made < 0)
            throw KprobeAttachment.Refused($"write({ControlFile})", made, description, symbol, options);
        return PerfEventLink.Attach(program, Open(name, description, symbol, options), description, options.Cookie, Remove);

        void Remove() => RemoveEvent(name, description);
    }

    private static FileDescriptor Open(string name, string description, string symbol, KprobeOptions options)
    {
        try
        {
            var id = Tracefs.Instance.EventId(Group, name);
            var attribute = new PerfEventAttribute { Type = PerfEventAttribute.TypeTracepoint, Config = (ulong)id };
            var result = id < 0 ? id : PerfSyscall.Open(ref attribute, pid: -1, cpu: 0);
            return result >= 0
                ? FileDescriptor.Adopt(result)
                : throw KprobeAttachment.Refused("perf_event_open", result, description, symbol, options);
        }
        catch
        {
            RemoveEvent(name, description);
            throw;
        }
    }

    /// <summary>A name for the event that the kernel takes: letters, digits and '_' only, and short.</summary>
    internal static string Name(string symbol, int number)
    {
        var suffix = string.Create(CultureInfo.InvariantCulture, $"_{number}");
        var length = Math.Min(symbol.Length, NameLimit - suffix.Length);
        return string.Create(length + suffix.Length, (symbol, suffix, length), static (target, state) =>
        {
            for (var i = 0; i < state.length; i++)
                target[i] = char.IsAsciiLetterOrDigit(state.symbol[i]) ? state.symbol[i] : '_';
            if (state.length > 0 && char.IsAsciiDigit(target[0]))
                target[0] = '_';
            state.suffix.CopyTo(target[state.length..]);
        });
    }

    private static void RemoveEvent(string name, string description)
    {
        var removed = Tracefs.Instance.Append(ControlFile, $"-:{Group}/{name}\n");
        if (removed < 0 && Syscall.ErrorOf(removed) != Errno.ENOENT)
            throw new BpfSyscallException($"write({ControlFile})", (int)-removed, $"removing the event of {description}");
    }
}

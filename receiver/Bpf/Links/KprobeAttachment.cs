using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Attaches to a kernel function: by perf_kprobe, or by an event made in tracefs (<see cref="KprobeEvent"/>).</summary>
internal static unsafe class KprobeAttachment
{
    public static BpfLink Attach(FileDescriptor program, string symbol, KprobeOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        var kind = options.AtReturn ? "kretprobe" : "kprobe";
        var place = options.Offset == 0 ? symbol : string.Create(CultureInfo.InvariantCulture, $"{symbol}+0x{options.Offset:x}");
        if (options.AtReturn && options.Offset != 0)
            throw new BpfException($"Attaching {kind} {place} is not possible: a return is watched from the start of the function.");
        if (options.MaximumActive != 0 && !options.AtReturn)
            throw new BpfException($"Attaching {kind} {place} is not possible: only returns have a number that may be waited for.");
        if (options.MaximumActive is < 0 or > 4096) // KRETPROBE_MAXACTIVE_MAX of kernel/trace/trace_kprobe.c
            throw new BpfException($"Attaching {kind} {place} is not possible: {options.MaximumActive} returns can't be waited for, 4096 can.");
        if (options.Cookie != 0)
            MissingFeature.Check(KernelFeature.PerfEventLink, $"attaching {kind} {place} with a cookie");

        var byTracefs = options.Method == KprobeMethod.Tracefs || options.MaximumActive != 0
            || (options.Method == KprobeMethod.Automatic && PerfProbeType.Kprobe is null);
        if (byTracefs && options.Method == KprobeMethod.PerfEvent)
            throw new BpfException($"Attaching {kind} {place} is not possible: perf_kprobe has no number of returns to wait for, tracefs has.");
        if (byTracefs)
            return KprobeEvent.Attach(program, symbol, place, options);
        return AttachByPerf(program, symbol, place, kind, options);
    }

    private static BpfLink AttachByPerf(FileDescriptor program, string symbol, string place, string kind, KprobeOptions options)
    {
        var description = $"{kind} {place} (perf_kprobe)";
        if (PerfProbeType.Kprobe is not { } type)
            throw MissingFeature.Refusal(KernelFeatures.Probe(KernelFeature.KprobePerf), $"attaching {description}");
        var result = OpenEvent(type, symbol, options.Offset, options.AtReturn);
        if (result >= 0)
            return PerfEventLink.Attach(program, FileDescriptor.Adopt(result), description, options.Cookie);

        // Kernels that check the name as that of an event refuse the dots of "symbol.isra.0" there, but not in tracefs.
        if (Syscall.ErrorOf(result) == Errno.EINVAL && symbol.Contains('.', StringComparison.Ordinal)
            && options.Method == KprobeMethod.Automatic && Tracefs.Instance.IsAvailable)
            return KprobeEvent.Attach(program, symbol, place, options);
        throw Refused("perf_event_open", result, description, symbol, options);
    }

    /// <summary>Opens the event of a kprobe. The result is a descriptor, or minus the errno.</summary>
    internal static long OpenEvent(PerfProbeType type, string symbol, ulong offset, bool atReturn)
    {
        // An address in place of a name goes in as the offset from nothing.
        if (TryParseAddress(symbol, out var address))
        {
            var byAddress = new PerfEventAttribute
            {
                Type = type.Type,
                Config = atReturn ? 1UL << type.ReturnBit : 0,
                Config2 = address + offset,
            };
            return PerfSyscall.Open(ref byAddress, pid: -1, cpu: 0);
        }

        fixed (byte* name = FileSyscalls.Terminated(symbol))
        {
            var attribute = new PerfEventAttribute
            {
                Type = type.Type,
                Config = atReturn ? 1UL << type.ReturnBit : 0,
                Config1 = (ulong)name,
                Config2 = offset,
            };
            return PerfSyscall.Open(ref attribute, pid: -1, cpu: 0);
        }
    }

    internal static BpfException Refused(string call, long result, string description, string symbol, KprobeOptions options)
        => new BpfSyscallException(
            call,
            (int)-result,
            $"attaching {description}",
            Syscall.ErrorOf(result) switch
            {
                // Missing symbols: ENOENT, or EINVAL for returns up to 5.10 and in tracefs since 6.11.
                Errno.ENOENT or Errno.EINVAL =>
                    $"The kernel has no function {symbol} that can be probed (it may be inlined, renamed, or marked as not to be probed)"
                    + (options.Offset == 0 ? "." : ", or the offset is past its end.") + KernelSymbols.Hint(symbol),
                Errno.EADDRNOTAVAIL => $"The kernel has several functions {symbol}: name one by its address (0x...), as /proc/kallsyms has it.",
                Errno.EILSEQ => "The address is not at the start of an instruction.",
                Errno.ERANGE => "The offset is past the end of the function.",
                Errno.EBUSY => "The function is being patched (live patching).",
                Errno.EPERM or Errno.EACCES => PermissionAdvice.ForTracing(),
                _ => null,
            });

    private static bool TryParseAddress(string symbol, out ulong address)
    {
        address = 0;
        return symbol.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(symbol.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);
    }
}

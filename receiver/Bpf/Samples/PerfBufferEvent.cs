using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Opens the event that bpf_perf_event_output writes to on one CPU, and maps its buffer.</summary>
internal static class PerfBufferEvent
{
    /// <summary>Opens, maps and enables it.</summary>
    /// <param name="cpu">Number of the CPU.</param>
    /// <param name="pages">Pages of the buffer, a power of two.</param>
    /// <param name="attribute">Flags and wake-up; the rest is filled in.</param>
    /// <param name="writable">False: the kernel writes over what nobody read.</param>
    /// <returns>Null if the CPU is not running.</returns>
    /// <exception cref="BpfSyscallException">It can't be opened, mapped or enabled.</exception>
    public static (FileDescriptor Descriptor, MemoryMapping Mapping)? Open(int cpu, int pages, PerfEventAttribute attribute, bool writable)
    {
        attribute.Type = PerfEventAttribute.TypeSoftware;
        attribute.Config = PerfEventAttribute.SoftwareBpfOutput;
        attribute.SampleType = PerfEventAttribute.SampleRaw;
        attribute.Period = 1;
        var result = PerfSyscall.Open(ref attribute, pid: -1, cpu);
        if (Syscall.ErrorOf(result) == Errno.ENODEV)
            return null;
        if (result < 0)
        {
            throw new BpfSyscallException(
                "perf_event_open",
                (int)-result,
                $"opening the perf buffer of CPU {cpu}",
                Syscall.ErrorOf(result) is Errno.EPERM or Errno.EACCES ? PermissionAdvice.ForTracing() : null);
        }

        var descriptor = FileDescriptor.Adopt(result);
        MemoryMapping? mapping = null;
        try
        {
            mapping = MemoryMapping.Map(
                descriptor,
                0,
                (nuint)(pages + 1) * (nuint)Environment.SystemPageSize,
                writable,
                $"mapping the perf buffer of CPU {cpu} ({pages} pages)",
                "The perf buffers exceed kernel.perf_event_mlock_kb and RLIMIT_MEMLOCK: use fewer pages per CPU or give CAP_IPC_LOCK.");
            using var lease = descriptor.Lease();
            var enabled = PerfSyscall.Enable(lease.Fd);
            return enabled >= 0
                ? (descriptor, mapping)
                : throw new BpfSyscallException("ioctl(PERF_EVENT_IOC_ENABLE)", -enabled, $"enabling the perf buffer of CPU {cpu}");
        }
        catch
        {
            mapping?.Dispose();
            descriptor.Dispose();
            throw;
        }
    }
}

using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// While one is open the kernel measures run time and runs of all programs (BPF_ENABLE_STATS, Linux 5.8), which costs some 20 ns a run.
/// </summary>
public sealed class BpfRunStatistics : IDisposable
{
    private readonly FileDescriptor _descriptor;

    private BpfRunStatistics(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>Switches the measurement on.</summary>
    /// <exception cref="BpfSyscallException">The kernel is older, or CAP_SYS_ADMIN is missing.</exception>
    public static BpfRunStatistics Enable()
    {
        var attribute = default(EnableStatisticsAttribute);
        var result = BpfSyscall.Call(BpfCommand.EnableStatistics, ref attribute);
        return result >= 0
            ? new BpfRunStatistics(FileDescriptor.Adopt(result))
            : throw new BpfSyscallException(
                "bpf(BPF_ENABLE_STATS)",
                (int)-result,
                "measuring the run time of programs",
                Syscall.ErrorOf(result) == Errno.EPERM ? "It takes CAP_SYS_ADMIN." : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}

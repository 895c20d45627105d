using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>perf_event_open(2) and its ioctls (include/uapi/linux/perf_event.h).</summary>
internal static unsafe class PerfSyscall
{
    private const uint FlagCloseOnExec = 8;
    private const int IocEnable = 0x2400;
    private const int IocDisable = 0x2401;
    private const int IocSetBpf = 0x40042408;
    private const int IocPauseOutput = 0x40042409;

    /// <summary>Opens an event. A pid of -1 is every process, a cpu of -1 every CPU; not both.</summary>
    public static long Open(ref PerfEventAttribute attribute, int pid, int cpu)
    {
        attribute.Size = (uint)sizeof(PerfEventAttribute);
        fixed (PerfEventAttribute* pointer = &attribute)
        {
            long result = 0;
            for (var attempt = 0; attempt < Syscall.Attempts; attempt++)
            {
                result = Syscall.Call(SyscallNumbers.PerfEventOpen, pointer, pid, cpu, -1, FlagCloseOnExec);
                if (result is not (-(long)Errno.EINTR or -(long)Errno.EAGAIN))
                    break;
            }

            return result;
        }
    }

    /// <summary>
    /// Nanoseconds the event was enabled for, of one opened with <see cref="PerfEventAttribute.TotalTimeEnabled"/>; 0 if it can't be read.
    /// </summary>
    public static long EnabledTime(FileDescriptor descriptor)
    {
        using var lease = descriptor.Lease();
        var values = stackalloc long[2]; // struct read_format: the count, the time
        return Syscall.Result(LibC.read(lease.Fd, values, 2 * sizeof(long))) == 2 * sizeof(long) ? values[1] : 0;
    }

    public static int PauseOutput(int fd, bool pause) => Syscall.Result(LibC.ioctl(fd, IocPauseOutput, pause ? 1 : 0));

    public static int Enable(int fd) => Syscall.Result(LibC.ioctl(fd, IocEnable, 0));

    public static int Disable(int fd) => Syscall.Result(LibC.ioctl(fd, IocDisable, 0));

    public static int SetProgram(int fd, int programFd) => Syscall.Result(LibC.ioctl(fd, IocSetBpf, programFd));
}

using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>The seam every raw system call goes through. Results follow the kernel: not negative, or minus the errno.</summary>
internal static class Syscall
{
    /// <summary>
    /// How often an interrupted call is made again. bpf(PROG_LOAD) answers EAGAIN when a signal came during verification;
    /// a signal storm must not turn that into a loop without end.
    /// </summary>
    public const int Attempts = 16;

    public static long Call(int number, syscall_arg a, syscall_arg b, syscall_arg c)
        => Result((ssize_t)LibC.syscall(number, a, b, c));

    public static long Call(int number, syscall_arg a, syscall_arg b, syscall_arg c, syscall_arg d)
        => Result((ssize_t)LibC.syscall(number, a, b, c, d));

    public static long Call(int number, syscall_arg a, syscall_arg b, syscall_arg c, syscall_arg d, syscall_arg e)
        => Result((ssize_t)LibC.syscall(number, a, b, c, d, e));

    /// <summary>Turns the convention of libc (-1 and errno) into that of the kernel.</summary>
    public static long Result(ssize_t result) => (long)result == -1 ? -LibC.errno : (long)result;

    /// <summary>Turns the convention of libc (-1 and errno) into that of the kernel.</summary>
    public static int Result(int result) => result == -1 ? -LibC.errno : result;

    /// <summary>The error of a negative result, <see cref="Errno.None"/> of any other.</summary>
    public static Errno ErrorOf(long result) => result < 0 ? (Errno)(-result) : Errno.None;
}

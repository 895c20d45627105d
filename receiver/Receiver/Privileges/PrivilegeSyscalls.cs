using System.Runtime.InteropServices;

namespace EbpfReceiver.Privileges;

/// <summary>The system calls that giving up privileges takes.</summary>
internal static unsafe partial class PrivilegeSyscalls
{
    /// <summary>_LINUX_CAPABILITY_VERSION_3 of include/uapi/linux/capability.h: 64 capabilities in two words.</summary>
    public const uint CapabilityVersion = 0x20080522;

    /// <summary>PR_SET_NO_NEW_PRIVS of prctl(2).</summary>
    private const int SetNoNewPrivileges = 38;

    private const int SetModeFilter = 1;

    /// <summary>SECCOMP_FILTER_FLAG_TSYNC: the filter, and no_new_privs with it, goes on all threads.</summary>
    private const int AllThreads = 1;

    private const int CloseOnExec = 1;

    /// <summary>MFD_EXEC, since Linux 6.3; before, everything may be executed.</summary>
    private const int Executable = 0x10;

    private const int InvalidArgument = 22;

    /// <summary>No program that is executed can give more privileges; for the calling thread.</summary>
    public static int NoNewPrivileges() => Result(Prctl(SetNoNewPrivileges, 1, 0, 0, 0));

    /// <summary>
    /// seccomp(2): a filter for all threads. The result is 0, minus an errno, or the id of a thread that has a filter of its own.
    /// </summary>
    public static int Filter(ReadOnlySpan<FilterInstruction> code)
    {
        fixed (FilterInstruction* first = code)
        {
            var program = new FilterProgram { Length = (ushort)code.Length, Code = first };
            return Result((int)SystemCall(ProbeLanguage.SystemCallNames.NumberOf("seccomp"), SetModeFilter, AllThreads, (nint)(&program)));
        }
    }

    /// <summary>
    /// memfd_create(2): a file without a name, whose pages may be executed. The result is the descriptor, or minus the errno.
    /// </summary>
    public static int ExecutableFile()
    {
        int number = ProbeLanguage.SystemCallNames.NumberOf("memfd_create");
        fixed (byte* name = "handler\0"u8)
        {
            int result = Result((int)SystemCall(number, (nint)name, CloseOnExec | Executable, 0));
            return result == -InvalidArgument ? Result((int)SystemCall(number, (nint)name, CloseOnExec, 0)) : result;
        }
    }

    /// <summary>tgkill(2). The result is 0 or minus the errno.</summary>
    public static int Signal(int process, int thread, int signal) =>
        Result((int)SystemCall(ProbeLanguage.SystemCallNames.NumberOf("tgkill"), process, thread, signal));

    /// <summary>sigaction(2). The result is 0 or minus the errno.</summary>
    public static int Handle(int signal, in SignalAction action) => Result(SigAction(signal, in action, 0));

    /// <summary>mmap(2) of a file, to be read and executed, never written. 0 if it can't be.</summary>
    public static nint MapExecutable(int file, int length)
    {
        const int ReadAndExecute = 5;
        const int Private = 2;
        nint address = MMap(0, length, ReadAndExecute, Private, file, 0);
        return address == -1 ? 0 : address;
    }

    private static int Result(int result) => result == -1 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    private static partial int SigAction(int signal, in SignalAction action, nint before);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MMap(nint address, nint length, int protection, int flags, int file, nint offset);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public FilterInstruction* Code;
    }
}

using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// Numbers of the system calls that libc has no function for, by architecture
/// (arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h; from 424 on they are the same everywhere).
/// </summary>
internal static class SyscallNumbers
{
    public static readonly int Bpf = ByArchitecture(x64: 321, arm64: 280);
    public static readonly int PerfEventOpen = ByArchitecture(x64: 298, arm64: 241);
    public static readonly int Prlimit64 = ByArchitecture(x64: 302, arm64: 261);
    public static readonly int SchedSetScheduler = ByArchitecture(x64: 144, arm64: 119);
    public static readonly int SchedGetScheduler = ByArchitecture(x64: 145, arm64: 120);

    /// <summary>uprobe(2) of x86-64, which only trampolines of the kernel's own call.</summary>
    public const int Uprobe = 336;
    public const int FsOpen = 430;
    public const int FsConfig = 431;
    public const int FsMount = 432;

    private static int ByArchitecture(int x64, int arm64) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        var other => throw new PlatformNotSupportedException(
            $"The system call numbers of {other} are not in the table; x64 and arm64 are."),
    };
}

using System.Runtime.InteropServices;
using Tmds.Linux;

namespace EbpfReceiver.LoaderCases;

/// <summary>System calls that the cases make themselves, by number.</summary>
internal static unsafe class SystemCall
{
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>getpgid(2) of no process; the result is negative for an errno.</summary>
    public static long Getpgid(int pid) => Result((long)LibC.syscall(Arm ? 155 : 121, pid));

    /// <summary>bpf(2).</summary>
    public static long Bpf(int command, void* attribute, int size) => Result((long)LibC.syscall(Arm ? 280 : 321, command, attribute, size));

    /// <summary>prctl(PR_SET_NAME): renames the calling thread.</summary>
    public static long SetName(ReadOnlySpan<byte> terminated)
    {
        fixed (byte* name = terminated)
            return Result((long)LibC.syscall(Arm ? 167 : 157, 15, name));
    }

    /// <summary>sched_setscheduler(2) of the calling thread, with priority 0.</summary>
    public static long SetScheduler(int policy)
    {
        var priority = 0;
        return Result((long)LibC.syscall(Arm ? 119 : 144, 0, policy, &priority));
    }

    /// <summary>sched_setaffinity(2) of the calling thread.</summary>
    public static long RunOn(ulong cpus) => Result((long)LibC.syscall(Arm ? 122 : 203, 0, sizeof(ulong), &cpus));

    /// <summary>setresgid(2) and setresuid(2) of the calling thread alone, which loses its capabilities.</summary>
    public static long BecomeUser(int id)
    {
        var result = Result((long)LibC.syscall(Arm ? 149 : 119, id, id, id));
        return result < 0 ? result : Result((long)LibC.syscall(Arm ? 147 : 117, id, id, id));
    }

    /// <summary>mount(2) of a file system of the type cgroup2.</summary>
    public static long MountCgroups(string path)
    {
        fixed (byte* type = "cgroup2\0"u8, target = System.Text.Encoding.UTF8.GetBytes(path + "\0"))
            return Result((long)LibC.syscall(Arm ? 40 : 165, type, target, type, 0, 0));
    }

    /// <summary>umount2(2).</summary>
    public static long Unmount(string path)
    {
        fixed (byte* target = System.Text.Encoding.UTF8.GetBytes(path + "\0"))
            return Result((long)LibC.syscall(Arm ? 39 : 166, target, 0));
    }

    /// <summary>ioctl(2).</summary>
    public static long Ioctl(int descriptor, uint request, void* argument) =>
        Result((long)LibC.syscall(Arm ? 29 : 16, descriptor, unchecked((int)request), argument));

    private static long Result(long result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();
}

using System.Runtime.InteropServices;
using Tmds.Linux;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>CPU time of threads, and where they run.</summary>
internal static unsafe class ThreadClock
{
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Id of the calling thread in the kernel.</summary>
    public static int CurrentThread() => (int)(long)(ssize_t)LibC.syscall(Arm ? 178 : 186); // gettid

    /// <summary>CPU time of a thread of this process.</summary>
    public static long Nanoseconds(int thread)
    {
        var time = stackalloc long[2]; // struct timespec
        // MAKE_THREAD_CPUCLOCK of include/linux/posix-timers.h: the scheduler's clock of one thread.
        _ = LibC.syscall(Arm ? 113 : 228, (~thread << 3) | 6, time); // clock_gettime
        return time[0] * 1_000_000_000 + time[1];
    }

    public static void Pin(int cpu)
    {
        var mask = stackalloc ulong[16];
        for (var i = 0; i < 16; i++)
            mask[i] = cpu / 64 == i ? 1UL << cpu % 64 : 0;
        _ = LibC.sched_setaffinity(0, 128, (cpu_set_t*)mask);
    }
}

namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// Keeps the running thread from being preempted by ordinary threads, by sched_setscheduler(2) with SCHED_FIFO, until it is disposed.
/// </summary>
/// <remarks>
/// While bpf(2) reads or changes a map, the kernel runs no program of a kprobe or a classic tracepoint on that CPU
/// (bpf_disable_instrumentation, include/linux/bpf.h). A kernel that preempts system calls can let others run meanwhile, whose hits are
/// then missed: on Linux 7.2, reading the maps every 100 ms while two processes made 2,000 connections cost 36 of the state changes, and
/// none while nobody read. Without CAP_SYS_NICE nothing changes.
/// </remarks>
internal readonly unsafe ref struct UnpreemptedThread
{
    private const int SCHED_OTHER = 0;
    private const int SCHED_FIFO = 1;

    private static volatile bool s_refused;

    private readonly bool _changed;

    private UnpreemptedThread(bool changed) => _changed = changed;

    /// <summary>Begins; for a few system calls, since nothing else runs on this CPU until it ends.</summary>
    public static UnpreemptedThread Begin()
    {
        // A thread that was given another policy keeps it.
        if (s_refused || Syscall.Call(SyscallNumbers.SchedGetScheduler, 0, 0, 0) != SCHED_OTHER)
            return default;
        var priority = 1;
        s_refused = Syscall.Call(SyscallNumbers.SchedSetScheduler, 0, SCHED_FIFO, &priority) < 0;
        return new UnpreemptedThread(!s_refused);
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        var priority = 0;
        if (_changed)
            _ = Syscall.Call(SyscallNumbers.SchedSetScheduler, 0, SCHED_OTHER, &priority);
    }
}

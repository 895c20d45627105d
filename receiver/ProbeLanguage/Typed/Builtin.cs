namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a program can ask the kernel about the thread that runs and the machine.</summary>
public enum Builtin
{
    /// <summary>Process (thread group) id, u32.</summary>
    ProcessId,

    /// <summary>Thread id, u32.</summary>
    ThreadId,

    /// <summary>Process id in the upper and thread id in the lower half, u64.</summary>
    ProcessAndThreadId,

    /// <summary>User id, u32.</summary>
    UserId,

    /// <summary>Group id, u32.</summary>
    GroupId,

    /// <summary>Name of the thread, string(16).</summary>
    ThreadName,

    /// <summary>CPU that the program runs on, u32.</summary>
    Cpu,

    /// <summary>CLOCK_MONOTONIC in ns, u64: one reading in each run of a program.</summary>
    Time,

    /// <summary>Id of the v2 cgroup, u64.</summary>
    CgroupId,

    /// <summary>Address of the task_struct, u64; fields are read with <see cref="MemoryAccess.Kernel"/>.</summary>
    CurrentTask,

    /// <summary>32 random bits, u32.</summary>
    Random,

    /// <summary>Address of the probed function (bpf_get_func_ip, since 5.15), u64.</summary>
    FunctionAddress,
}

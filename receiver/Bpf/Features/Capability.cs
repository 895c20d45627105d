namespace EbpfReceiver.Bpf;

/// <summary>The capabilities of Linux by their bit (include/uapi/linux/capability.h).</summary>
public enum Capability
{
    /// <summary>CAP_CHOWN</summary>
    Chown = 0,

    /// <summary>CAP_DAC_OVERRIDE: files may be read and written whatever their permissions.</summary>
    DacOverride = 1,

    /// <summary>CAP_DAC_READ_SEARCH: files and directories may be read whatever their permissions.</summary>
    DacReadSearch = 2,

    /// <summary>CAP_NET_ADMIN</summary>
    NetAdmin = 12,

    /// <summary>CAP_IPC_LOCK: memory may be locked beyond the limits.</summary>
    IpcLock = 14,

    /// <summary>CAP_SYS_PTRACE: other users' processes may be looked at, as /proc/PID/root and /proc/PID/environ need.</summary>
    SysPtrace = 19,

    /// <summary>CAP_SYS_ADMIN: everything that has no capability of its own; all of BPF before 5.8.</summary>
    SysAdmin = 21,

    /// <summary>CAP_SYS_NICE: threads may be given real-time priorities.</summary>
    SysNice = 23,

    /// <summary>CAP_SYS_RESOURCE: limits may be raised.</summary>
    SysResource = 24,

    /// <summary>CAP_SYSLOG: kernel addresses are shown.</summary>
    Syslog = 34,

    /// <summary>CAP_PERFMON: tracing programs and perf events (since 5.8).</summary>
    Perfmon = 38,

    /// <summary>CAP_BPF: maps, BTF and programs (since 5.8).</summary>
    Bpf = 39,

    /// <summary>CAP_CHECKPOINT_RESTORE: /proc/PID/map_files may be read (since 5.9).</summary>
    CheckpointRestore = 40,
}

namespace EbpfReceiver.Bpf;

/// <summary>Functions of the kernel that programs call by number.</summary>
/// <remarks>Source: enum bpf_func_id, include/uapi/linux/bpf.h; bpf-helpers(7).</remarks>
public enum BpfHelper
{
    /// <summary>bpf_map_lookup_elem</summary>
    MapLookup = 1,

    /// <summary>bpf_map_update_elem</summary>
    MapUpdate = 2,

    /// <summary>bpf_map_delete_elem</summary>
    MapDelete = 3,

    /// <summary>bpf_ktime_get_ns</summary>
    MonotonicTime = 5,

    /// <summary>bpf_get_prandom_u32</summary>
    Random = 7,

    /// <summary>bpf_get_smp_processor_id</summary>
    CurrentCpu = 8,

    /// <summary>bpf_tail_call</summary>
    TailCall = 12,

    /// <summary>bpf_get_current_pid_tgid</summary>
    CurrentProcessAndThread = 14,

    /// <summary>bpf_get_current_uid_gid</summary>
    CurrentUserAndGroup = 15,

    /// <summary>bpf_get_current_comm</summary>
    CurrentThreadName = 16,

    /// <summary>bpf_perf_event_output</summary>
    PerfEventOutput = 25,

    /// <summary>bpf_get_current_task</summary>
    CurrentTask = 35,

    /// <summary>bpf_get_current_cgroup_id</summary>
    CurrentCgroup = 80,

    /// <summary>bpf_send_signal</summary>
    SendSignal = 109,

    /// <summary>bpf_probe_read_user</summary>
    ReadUser = 112,

    /// <summary>bpf_probe_read_kernel</summary>
    ReadKernel = 113,

    /// <summary>bpf_probe_read_user_str</summary>
    ReadUserText = 114,

    /// <summary>bpf_probe_read_kernel_str</summary>
    ReadKernelText = 115,

    /// <summary>bpf_jiffies64</summary>
    Jiffies64 = 118,

    /// <summary>bpf_get_ns_current_pid_tgid</summary>
    GetNamespaceCurrentPidTgid = 120,

    /// <summary>bpf_ktime_get_boot_ns</summary>
    KtimeGetBootNs = 125,

    /// <summary>bpf_ringbuf_output</summary>
    RingBufferOutput = 130,

    /// <summary>bpf_ringbuf_reserve</summary>
    RingBufferReserve = 131,

    /// <summary>bpf_get_task_stack</summary>
    GetTaskStack = 141,

    /// <summary>bpf_d_path</summary>
    PathOf = 147,

    /// <summary>bpf_copy_from_user</summary>
    CopyFromUser = 148,

    /// <summary>bpf_snprintf_btf</summary>
    PrintTyped = 149,

    /// <summary>bpf_per_cpu_ptr</summary>
    PerCpuPointer = 153,

    /// <summary>bpf_task_storage_get</summary>
    TaskStorageGet = 156,

    /// <summary>bpf_get_current_task_btf</summary>
    GetCurrentTaskTyped = 158,

    /// <summary>bpf_ktime_get_coarse_ns</summary>
    KtimeGetCoarseNs = 160,

    /// <summary>bpf_for_each_map_elem</summary>
    ForEachMapElement = 164,

    /// <summary>bpf_snprintf</summary>
    Print = 165,

    /// <summary>bpf_timer_init</summary>
    TimerInit = 169,

    /// <summary>bpf_get_func_ip, since 5.15</summary>
    FunctionAddress = 173,

    /// <summary>bpf_get_attach_cookie</summary>
    GetAttachCookie = 174,

    /// <summary>bpf_get_branch_snapshot</summary>
    GetBranchSnapshot = 176,

    /// <summary>bpf_find_vma</summary>
    FindMapping = 180,

    /// <summary>bpf_loop</summary>
    Loop = 181,

    /// <summary>bpf_strncmp</summary>
    CompareStrings = 182,

    /// <summary>bpf_get_func_arg</summary>
    GetFunctionArgument = 183,

    /// <summary>bpf_copy_from_user_task</summary>
    CopyFromUserTask = 191,

    /// <summary>bpf_map_lookup_percpu_elem</summary>
    MapLookupPerCpuElement = 195,

    /// <summary>bpf_dynptr_from_mem</summary>
    DynptrFromMemory = 197,

    /// <summary>bpf_ktime_get_tai_ns</summary>
    KtimeGetTaiNs = 208,

    /// <summary>bpf_user_ringbuf_drain</summary>
    UserRingBufferDrain = 209,

    /// <summary>bpf_cgrp_storage_get</summary>
    CgroupStorageGet = 210,
}

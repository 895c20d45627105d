namespace EbpfReceiver.Bpf;

/// <summary>What externs of the section .kconfig ask of the machine rather than of its configuration.</summary>
internal static class MachineValues
{
    /// <summary>The value of a name that begins with LINUX_; null if it is not known.</summary>
    internal static ulong? Of(string name) => name switch
    {
        "LINUX_KERNEL_VERSION" => KernelVersion.Code(),
        "LINUX_HAS_BPF_COOKIE" => KernelFeatures.Probe(KernelFeature.AttachCookie).IsAvailable ? 1UL : 0,
        // Without wrappers system calls are called __se_sys_, and take their arguments as C functions do.
        "LINUX_HAS_SYSCALL_WRAPPER" => KernelSymbolTable.Has(WrappedSyscall) == true ? 1UL : 0,
        _ => null,
    };

    private static string WrappedSyscall => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.Arm64 => "__arm64_sys_bpf",
        _ => "__x64_sys_bpf",
    };
}

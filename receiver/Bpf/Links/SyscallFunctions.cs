using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The kernel function of a system call. Since 4.17 architectures wrap them: <c>__x64_sys_NAME</c> gets the registers in place of the
/// arguments; without wrappers it is <c>__se_sys_NAME</c>.
/// </summary>
internal static class SyscallFunctions
{
    private const string Unwrapped = "__se_sys_";
    private const string Known = "bpf"; // is there, or nothing of this would be

    private static readonly Lazy<string> FoundPrefix = new(FindPrefix);

    /// <summary>Whether functions of system calls get the registers in place of the arguments.</summary>
    public static bool AreWrapped => FoundPrefix.Value != Unwrapped;

    /// <summary>Name of the function.</summary>
    /// <param name="name">Name of the system call, the same on all architectures: <c>openat</c>.</param>
    public static string NameOf(string name) => FoundPrefix.Value + name;

    private static string FindPrefix()
    {
        var wrapped = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "__arm64_sys_" : "__x64_sys_";
        // Trying costs less than reading two hundred thousand lines, but takes kprobes.
        if (PerfProbeType.Kprobe is { } type)
        {
            var result = KprobeAttachment.OpenEvent(type, wrapped + Known, 0, atReturn: false);
            if (result >= 0)
            {
                FileDescriptor.Adopt(result).Dispose();
                return wrapped;
            }

            if (Syscall.ErrorOf(result) == Errno.ENOENT)
                return Unwrapped;
        }

        return KernelSymbols.Has(wrapped + Known) ? wrapped : Unwrapped;
    }
}

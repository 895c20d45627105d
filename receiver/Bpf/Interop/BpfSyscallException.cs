using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>A system call failed. The message says what was being done, which call, which errno, and what the user can do.</summary>
public sealed class BpfSyscallException : BpfException
{
    /// <summary>Makes an exception from the parts of its message.</summary>
    /// <param name="call">The call, for example <c>bpf(BPF_MAP_CREATE)</c>.</param>
    /// <param name="errno">The error number, positive.</param>
    /// <param name="doing">What was being done, as "creating map samples".</param>
    /// <param name="remedy">A sentence for the user, or null.</param>
    public BpfSyscallException(string call, int errno, string doing, string? remedy = null)
        : base(Compose(call, errno, doing, remedy))
    {
        Call = call;
        ErrorNumber = errno;
        Doing = doing;
        Remedy = remedy;
    }

    /// <summary>The call that failed.</summary>
    public string Call { get; }

    /// <summary>errno, positive.</summary>
    public int ErrorNumber { get; }

    /// <summary>Name of the errno, for example <c>EPERM</c>; <c>errno 123</c> where the table has none.</summary>
    public string ErrorName => NameOf(ErrorNumber);

    /// <summary>What was being done.</summary>
    public string Doing { get; }

    /// <summary>What the user can do about it, or null.</summary>
    public string? Remedy { get; }

    internal Errno Error => (Errno)ErrorNumber;

    internal static string NameOf(int errno) => Enum.IsDefined((Errno)errno) ? ((Errno)errno).ToString() : $"errno {errno}";

    private static string Compose(string call, int errno, string doing, string? remedy)
    {
        // ENOTSUPP is a number of the kernel's own that strerror does not know.
        var meaning = errno == (int)Errno.ENOTSUPP ? "Not supported by this kernel" : Marshal.GetPInvokeErrorMessage(errno);
        var sentence = $"{char.ToUpperInvariant(doing[0])}{doing[1..]} failed: {call} answered {NameOf(errno)} ({meaning}).";
        return remedy is null ? sentence : $"{sentence} {remedy}";
    }
}

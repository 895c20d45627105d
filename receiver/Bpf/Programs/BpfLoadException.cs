using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>The kernel refused a program. The message is one sentence on why; <see cref="VerifierLog"/> has the whole story.</summary>
public sealed class BpfLoadException : BpfException
{
    /// <summary>Makes an exception from its parts.</summary>
    /// <param name="program">Name of the program.</param>
    /// <param name="message">A sentence that names the program and says why it was refused.</param>
    /// <param name="errno">errno of BPF_PROG_LOAD, positive; 0 if it did not come to that.</param>
    /// <param name="verifierLog">What the verifier wrote; may be empty.</param>
    public BpfLoadException(string program, string message, int errno = 0, string verifierLog = "")
        : base(message)
    {
        Program = program;
        ErrorNumber = errno;
        VerifierLog = verifierLog;
    }

    /// <summary>Name of the program.</summary>
    public string Program { get; }

    /// <summary>errno of BPF_PROG_LOAD, positive; 0 if it did not come to that.</summary>
    public int ErrorNumber { get; }

    /// <summary>Name of the errno, for example <c>EACCES</c>; empty if there is none.</summary>
    public string ErrorName => ErrorNumber == 0 ? "" : BpfSyscallException.NameOf(ErrorNumber);

    /// <summary>What the verifier wrote; may be empty.</summary>
    public string VerifierLog { get; }

    internal Errno Error => (Errno)ErrorNumber;
}

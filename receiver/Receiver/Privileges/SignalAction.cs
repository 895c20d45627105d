using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Privileges;

/// <summary>struct sigaction of glibc and musl on 64-bit Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SignalAction
{
    /// <summary>SA_ONSTACK | SA_RESTART: on the thread's signal stack if it has one; calls that were interrupted go on.</summary>
    public const int OnStackAndRestart = 0x08000000 | 0x10000000;

    /// <summary>Address of the handler.</summary>
    public nint Handler;

    /// <summary>Signals that wait while the handler runs.</summary>
    public SignalMask Mask;

    /// <summary>Flags SA_*.</summary>
    public int Flags;

    /// <summary>Set by the C library.</summary>
    public nint Restorer;

    /// <summary>sigset_t: 1024 bits.</summary>
    [InlineArray(16)]
    public struct SignalMask
    {
        private ulong _word;
    }
}

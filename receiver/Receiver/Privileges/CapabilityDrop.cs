using System.Diagnostics;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Privileges;

/// <summary>
/// Drops capabilities of every thread. Linux has no call for that: each thread is sent a signal whose handler drops those of the thread
/// that it interrupts. A thread that is made meanwhile has what its maker had, so it is repeated until a look at all threads finds none
/// with more.
/// </summary>
internal static unsafe class CapabilityDrop
{
    /// <summary>SIGRTMAX: the runtime uses those from SIGRTMIN up, and the C library the two below.</summary>
    private const int DropSignal = 64;

    private const int NoSuchThread = 3;

    /// <summary>Threads answer in microseconds; on a machine without a free CPU it takes longer.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    /// <summary>Leaves these capabilities, in the effective and the permitted set, and no others in any.</summary>
    /// <exception cref="PrivilegeException">A thread still has others; some may have fewer than before.</exception>
    public static void KeepOnly(CapabilitySet kept)
    {
        byte* data = (byte*)NativeMemory.AllocZeroed(DroppingCode.DataLength);
        FillIn(data, kept);
        byte[] code = DroppingCode.Write((nint)data);
        nint handler = Map(code);
        var action = new SignalAction { Handler = handler, Flags = SignalAction.OnStackAndRestart };
        int error = PrivilegeSyscalls.Handle(DropSignal, action);
        if (error != 0) throw new PrivilegeException($"sigaction failed with errno {-error}");
        SendUntilDropped(data, kept);

        // The handler stays: without one, a signal that is still on its way to a thread would end the process.
    }

    private static void FillIn(byte* data, CapabilitySet kept)
    {
        // The header, of which pid 0 is the calling thread; then effective, permitted, inheritable, for the lower and the upper 32
        // capabilities.
        uint* words = (uint*)data;
        words[0] = PrivilegeSyscalls.CapabilityVersion;
        words[2] = words[3] = (uint)kept.Bits;
        words[5] = words[6] = (uint)(kept.Bits >> 32);
    }

    /// <summary>
    /// The code goes through a file that has no name, so that no page is ever both writable and executable: that works where memory that
    /// was written must not be executed (PR_SET_MDWE, MemoryDenyWriteExecute= of systemd).
    /// </summary>
    private static nint Map(byte[] code)
    {
        int descriptor = PrivilegeSyscalls.ExecutableFile();
        if (descriptor < 0)
            throw new PrivilegeException($"memfd_create failed with errno {-descriptor} (sysctl vm.memfd_noexec, or a security module)");
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, code, 0);
        nint address = PrivilegeSyscalls.MapExecutable(descriptor, code.Length);
        return address != 0
            ? address
            : throw new PrivilegeException($"mmap of executable memory failed with errno {Marshal.GetLastPInvokeError()} (a security module)");
    }

    private static void SendUntilDropped(byte* data, CapabilitySet kept)
    {
        long began = Stopwatch.GetTimestamp();
        var signalled = new HashSet<int>();
        while (true)
        {
            ThreadPrivileges[] remaining = [.. ThreadPrivileges.Read().Where(t => (t.Capabilities.Bits & ~kept.Bits) != 0)];
            if (remaining.Length == 0) return;
            foreach (ThreadPrivileges thread in remaining)
            {
                if (!signalled.Add(thread.Id)) continue;
                int error = PrivilegeSyscalls.Signal(Environment.ProcessId, thread.Id, DropSignal);
                if (error is not (0 or -NoSuchThread)) throw new PrivilegeException($"tgkill failed with errno {-error}");
            }

            int failed = Volatile.Read(ref *(int*)(data + DroppingCode.ErrorOffset));
            if (failed != 0) throw new PrivilegeException($"capset failed with errno {-failed}");
            if (Stopwatch.GetElapsedTime(began) > s_deadline)
                throw new PrivilegeException($"{remaining.Length} threads still had their capabilities after {s_deadline.TotalSeconds:0} s");
            Thread.Sleep(1);
        }
    }
}

using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests.Kernel;

/// <summary>BPF_PROG_TEST_RUN: runs a raw tracepoint's program once, on arguments of our choice (since 5.10).</summary>
internal static unsafe partial class TestRun
{
    private const int BpfCall = 321, Command = 10;

    public static void Once(BpfProgram program, byte[] context)
    {
        Span<byte> attribute = stackalloc byte[80];
        attribute.Clear();
        using var lease = program.Descriptor.Lease();
        fixed (byte* bytes = context, pointer = attribute)
        {
            *(uint*)pointer = (uint)lease.Fd;
            *(uint*)(pointer + 40) = (uint)context.Length;
            *(ulong*)(pointer + 48) = (ulong)bytes;
            Assert.Equal(0, Call(BpfCall, Command, pointer, 80));
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Call(long number, int command, byte* attribute, int size);
}

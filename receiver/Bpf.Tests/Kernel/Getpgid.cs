using System.Runtime.InteropServices;
using Tmds.Linux;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>The system call that the test programs look for.</summary>
internal static class Getpgid
{
    private const int SampleMarker = 0x5a17;
    private static readonly int Number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 155 : 121;

    public static void Call(int times)
    {
        for (var i = 0; i < times; i++)
            LibC.syscall(Number, 0);
    }

    /// <summary>Calls that samples.bpf.c puts a sample out for.</summary>
    public static void Sample(int times)
    {
        for (var i = 0; i < times; i++)
            LibC.syscall(Number, SampleMarker);
    }
}

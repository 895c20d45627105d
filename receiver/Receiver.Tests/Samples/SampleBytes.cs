using System.Runtime.InteropServices;
using System.Text;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Tests.Samples;

/// <summary>Makes samples as the kernel side writes them.</summary>
internal static class SampleBytes
{
    public const ulong Start = 12_345_678_901_234;

    public static SampleHeader Header(SampleKind kind, int pid, ulong time, string comm)
    {
        var header = new SampleHeader { Kind = (ushort)kind, Uid = 0, Time = time };
        header.Process = new ProcessRef { Pid = (uint)pid, Tid = (uint)pid, StartTime = Start };
        Span<byte> name = header.Comm;
        Encoding.UTF8.GetBytes(comm, name);
        return header;
    }

    public static byte[] Of<T>(in T layout, params byte[][] tail)
        where T : unmanaged => [.. MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in layout)), .. tail.SelectMany(t => t)];
}

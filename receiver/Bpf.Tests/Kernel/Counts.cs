using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>The counters of attach.bpf.c, in the order of its enum.</summary>
internal enum Count
{
    RawTracepoint,
    TpBtf,
    Tracepoint,
    Kprobe,
    Fentry,
    Uprobe,
    Uretprobe,
    Returned,
    Clock,
}

internal static class Counts
{
    public static ulong Read(BpfObject attach, Count count)
    {
        var bss = attach.Map(".bss");
        Span<byte> value = new byte[bss.EntryBytes];
        Assert.True(bss.TryLookup(stackalloc byte[4], value));
        return MemoryMarshal.Cast<byte, ulong>(value)[(int)count];
    }
}

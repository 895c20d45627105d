using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>struct perf_event_attr in the size of PERF_ATTR_SIZE_VER5 (Linux 4.1), which every kernel since takes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 112)]
internal struct PerfEventAttribute
{
    public const uint TypeSoftware = 1;
    public const uint TypeTracepoint = 2;
    public const ulong SoftwareCpuClock = 0;
    public const ulong SoftwareBpfOutput = 10;
    public const ulong SampleRaw = 1 << 10;
    public const ulong FlagFrequency = 1 << 10;
    public const ulong FlagWatermark = 1 << 14;

    /// <summary>Records are written from the end of the buffer to its beginning (4.7).</summary>
    public const ulong FlagWriteBackward = 1 << 27;

    /// <summary>PERF_FORMAT_TOTAL_TIME_ENABLED.</summary>
    public const ulong TotalTimeEnabled = 1;

    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Size;
    [FieldOffset(8)] public ulong Config;

    /// <summary>sample_period, or sample_freq with <see cref="FlagFrequency"/>.</summary>
    [FieldOffset(16)] public ulong Period;
    [FieldOffset(24)] public ulong SampleType;
    [FieldOffset(32)] public ulong ReadFormat;
    [FieldOffset(40)] public ulong Flags;

    /// <summary>wakeup_events, or wakeup_watermark (bytes) with <see cref="FlagWatermark"/>.</summary>
    [FieldOffset(48)] public uint Wakeup;

    /// <summary>config1: kprobe_func or uprobe_path.</summary>
    [FieldOffset(56)] public ulong Config1;

    /// <summary>config2: probe_offset.</summary>
    [FieldOffset(64)] public ulong Config2;
}

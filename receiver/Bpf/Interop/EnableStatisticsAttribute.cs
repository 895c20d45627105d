using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr.enable_stats for BPF_ENABLE_STATS (Linux 5.8); 0 = BPF_STATS_RUN_TIME.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4)]
internal struct EnableStatisticsAttribute
{
    [FieldOffset(0)] public uint Type;
}

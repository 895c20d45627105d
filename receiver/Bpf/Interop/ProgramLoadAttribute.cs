using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// union bpf_attr for BPF_PROG_LOAD, up to log_true_size (Linux 6.4); older kernels take it while what they don't know is 0.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct ProgramLoadAttribute
{
    [FieldOffset(0)] public uint ProgramType;
    [FieldOffset(4)] public uint InstructionCount;
    [FieldOffset(8)] public ulong Instructions;
    [FieldOffset(16)] public ulong License;
    [FieldOffset(24)] public uint LogLevel;
    [FieldOffset(28)] public uint LogSize;
    [FieldOffset(32)] public ulong LogBuffer;
    [FieldOffset(44)] public uint Flags;
    [FieldOffset(48)] public ObjectName Name;
    [FieldOffset(68)] public uint ExpectedAttachType;
    [FieldOffset(72)] public uint BtfFd;
    [FieldOffset(76)] public uint FuncInfoRecordSize;
    [FieldOffset(80)] public ulong FuncInfo;
    [FieldOffset(88)] public uint FuncInfoCount;
    [FieldOffset(92)] public uint LineInfoRecordSize;
    [FieldOffset(96)] public ulong LineInfo;
    [FieldOffset(104)] public uint LineInfoCount;
    [FieldOffset(108)] public uint AttachBtfId;
    [FieldOffset(112)] public uint AttachBtfObjectFd;

    /// <summary>Descriptors of the modules whose functions are called, by the offset of the call.</summary>
    [FieldOffset(120)] public ulong FdArray;

    /// <summary>Written by the kernel: bytes the whole log needs.</summary>
    [FieldOffset(140)] public uint LogTrueSize;
}

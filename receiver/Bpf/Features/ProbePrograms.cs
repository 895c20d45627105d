using System.Text;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>The smallest programs that use a feature, to see whether the kernel takes them.</summary>
internal static unsafe class ProbePrograms
{
    private const ulong MoveZeroToR0 = 0xb7; // BPF_ALU64 | BPF_MOV | BPF_K, dst r0, imm 0
    private const ulong Exit = 0x95;
    private const ulong Call = 0x85;
    private const ulong LoadMapValueToR1 = 0x2118; // BPF_LD | BPF_IMM | BPF_DW, dst r1, src BPF_PSEUDO_MAP_VALUE
    private const int LogSize = 16 << 10;
    private const int SmallestLog = 128; // older kernels refuse less

    /// <summary>Loads <c>helper(ctx); return 0</c> and closes it again. The result is not negative, or minus the errno.</summary>
    public static long CallsHelper(BpfProgramType type, int helper)
        => Closed(Load(type, 0, 0, 0, null, out _, CallOf(helper), MoveZeroToR0, Exit));

    /// <summary>As above, with what the verifier has to say if it refuses.</summary>
    public static long CallsHelper(BpfProgramType type, int helper, out string log)
        => Closed(LoadWithLog(type, 0, 0, 0, out log, CallOf(helper), MoveZeroToR0, Exit));

    /// <summary>Loads <c>return 0</c> and keeps it.</summary>
    public static long LoadReturnsZero(BpfProgramType type, BpfAttachType attachType = 0, uint attachBtfId = 0)
        => Load(type, attachType, attachBtfId, 0, null, out _, MoveZeroToR0, Exit);

    /// <summary>As above, with what the verifier has to say if it refuses.</summary>
    public static long LoadReturnsZero(BpfProgramType type, BpfAttachType attachType, uint attachBtfId, uint flags, out string log)
        => LoadWithLog(type, attachType, attachBtfId, flags, out log, MoveZeroToR0, Exit);

    /// <summary>Loads <c>r1 = &amp;value of the map; return 0</c> and keeps it.</summary>
    public static long LoadReadsMap(int mapFd) => Load(
        BpfProgramType.SocketFilter, 0, 0, 0, null, out _, LoadMapValueToR1 | ((ulong)(uint)mapFd << 32), 0, MoveZeroToR0, Exit);

    /// <summary>What the kernel writes into log_true_size, or minus the errno of a refusal that is not for the length of the log.</summary>
    public static long LogTrueSize()
    {
        var log = new byte[SmallestLog];
        var result = Closed(Load(BpfProgramType.SocketFilter, 0, 0, 0, log, out var trueSize, MoveZeroToR0, Exit));
        return result >= 0 || Syscall.ErrorOf(result) == Errno.ENOSPC ? trueSize : result;
    }

    /// <summary>Closes what a call has opened, and passes the result on.</summary>
    public static long Closed(long descriptor)
    {
        if (descriptor >= 0)
            FileDescriptor.Adopt(descriptor).Dispose();
        return descriptor;
    }

    private static ulong CallOf(int helper) => Call | ((ulong)(uint)helper << 32);

    private static long LoadWithLog(
        BpfProgramType type, BpfAttachType attachType, uint attachBtfId, uint flags, out string log, params ReadOnlySpan<ulong> instructions)
    {
        var buffer = new byte[LogSize];
        var result = Load(type, attachType, attachBtfId, flags, buffer, out _, instructions);
        var end = Array.IndexOf(buffer, (byte)0);
        log = Encoding.UTF8.GetString(buffer, 0, end < 0 ? LogSize : end);
        return result;
    }

    private static long Load(
        BpfProgramType type, BpfAttachType attachType, uint attachBtfId, uint flags, byte[]? log, out uint logTrueSize,
        params ReadOnlySpan<ulong> instructions)
    {
        fixed (ulong* code = instructions)
        fixed (byte* license = "GPL\0"u8, logBuffer = log)
        {
            var attribute = new ProgramLoadAttribute
            {
                ProgramType = (uint)type,
                InstructionCount = (uint)instructions.Length,
                Instructions = (ulong)code,
                License = (ulong)license,
                LogLevel = log is null ? 0u : 1,
                LogSize = (uint)(log?.Length ?? 0),
                LogBuffer = (ulong)logBuffer,
                Flags = flags,
                ExpectedAttachType = (uint)attachType,
                AttachBtfId = attachBtfId,
            };
            var result = BpfSyscall.Call(BpfCommand.ProgramLoad, ref attribute);
            logTrueSize = attribute.LogTrueSize;
            return result;
        }
    }
}

using System.Buffers.Binary;
using System.Text;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>BPF_PROG_LOAD: quietly first; if the kernel refuses, again with a log to say why.</summary>
internal static unsafe class ProgramLoader
{
    private const int InstructionSize = 8;
    private const int ImmediateOffset = 4;
    private const int FirstLogSize = 64 << 10;
    private const int LargestLogSize = 64 << 20;

    /// <summary>
    /// Writes the descriptors of maps into the instructions that load them. The maps must be kept open until the program is loaded.
    /// </summary>
    public static void PatchMap(LinkedProgram program, MapReference reference, int mapFd)
        => BinaryPrimitives.WriteInt32LittleEndian(
            program.Instructions.AsSpan(reference.InstructionIndex * InstructionSize + ImmediateOffset), mapFd);

    /// <summary>Makes a load of a map that was not made one that the verifier refuses by a number, but only if it can be reached.</summary>
    /// <param name="program">The program.</param>
    /// <param name="reference">The load.</param>
    /// <param name="map">Index of the map among those of the object.</param>
    public static void PoisonMap(LinkedProgram program, MapReference reference, int map)
    {
        for (var half = 0; half < 2; half++)
        {
            var instruction = InstructionView.At(program.Instructions, reference.InstructionIndex + half);
            instruction.Opcode = InstructionView.CallOpcode;
            instruction.Registers = 0;
            instruction.Offset = 0;
            instruction.Immediate = Refusal.PoisonedMap + map;
        }
    }

    /// <summary>Loads a program whose map descriptors are written.</summary>
    /// <param name="program">The program.</param>
    /// <param name="spec">Its specification.</param>
    /// <param name="license">License of the object.</param>
    /// <param name="attachBtfId">Type of the target in the kernel's BTF, or 0.</param>
    /// <param name="modules">Descriptors of the modules that it uses.</param>
    /// <param name="btf">The object's types in the kernel, or null: then functions and lines are not described.</param>
    /// <param name="typesProblem">Why it is null, as a sentence.</param>
    /// <param name="describes">Whether the kernel took the descriptions of functions and lines.</param>
    /// <exception cref="BpfLoadException">The kernel refuses it.</exception>
    public static FileDescriptor Load(
        LinkedProgram program, ProgramSpec spec, string license, uint attachBtfId, ModuleLeases modules, FileDescriptor? btf,
        string? typesProblem, out bool describes)
    {
        var describe = btf is not null && program.FuncInfo.Length > 0;
        fixed (byte* code = program.Instructions, licenseText = FileSyscalls.Terminated(license))
        fixed (byte* functions = program.FuncInfo, lines = program.LineInfo)
        fixed (int* descriptors = modules.ForCalls)
        {
            var attribute = new ProgramLoadAttribute
            {
                ProgramType = (uint)spec.Type,
                InstructionCount = (uint)(program.Instructions.Length / InstructionSize),
                Instructions = (ulong)code,
                License = (ulong)licenseText,
                Flags = spec.LoadFlags,
                Name = ObjectName.From(spec.Name),
                ExpectedAttachType = (uint)(UprobeMultiAttachment.IsFor(spec) ? BpfAttachType.TraceUprobeMulti : spec.ExpectedAttachType),
                AttachBtfId = attachBtfId,
                AttachBtfObjectFd = (uint)modules.ForAttachment,
                FdArray = (ulong)descriptors,
            };
            var plain = attribute;
            using var lease = describe ? btf!.Lease() : default;
            if (describe)
            {
                attribute.BtfFd = (uint)lease.Fd;
                attribute.FuncInfo = (ulong)functions;
                attribute.FuncInfoRecordSize = (uint)program.FuncInfoRecordSize;
                attribute.FuncInfoCount = (uint)(program.FuncInfo.Length / program.FuncInfoRecordSize);
                if (program.LineInfo.Length > 0)
                {
                    attribute.LineInfo = (ulong)lines;
                    attribute.LineInfoRecordSize = (uint)program.LineInfoRecordSize;
                    attribute.LineInfoCount = (uint)(program.LineInfo.Length / program.LineInfoRecordSize);
                }
            }

            var result = BpfSyscall.Call(BpfCommand.ProgramLoad, ref attribute);
            describes = describe;
            if (describe && Syscall.ErrorOf(result) is Errno.EINVAL or Errno.E2BIG)
            {
                // A kernel that minds the descriptions (and says so with these) may take the program without them.
                var bare = BpfSyscall.Call(BpfCommand.ProgramLoad, ref plain);
                describes = bare < 0;
                if (bare >= 0)
                    result = bare;
            }

            return result >= 0
                ? FileDescriptor.Adopt(result)
                : throw Refusal.Explain(program, spec, (int)-result, ReadLog(ref attribute), btf is null ? typesProblem : null);
        }
    }

    private static string ReadLog(ref ProgramLoadAttribute attribute)
    {
        for (var size = FirstLogSize; ; size = Larger(size, attribute.LogTrueSize))
        {
            var log = GC.AllocateUninitializedArray<byte>(size);
            log[0] = 0;
            long result;
            fixed (byte* buffer = log)
            {
                attribute.LogLevel = 1;
                attribute.LogSize = (uint)size;
                attribute.LogBuffer = (ulong)buffer;
                attribute.LogTrueSize = 0;
                result = BpfSyscall.Call(BpfCommand.ProgramLoad, ref attribute);
            }

            if (result >= 0) // refused before, taken now: nothing to be told
            {
                FileDescriptor.Adopt(result).Dispose();
                return "";
            }

            if (Syscall.ErrorOf(result) == Errno.ENOSPC && size < LargestLogSize)
                continue;
            var end = Array.IndexOf(log, (byte)0);
            return Encoding.UTF8.GetString(log, 0, end < 0 ? size : end);
        }
    }

    /// <summary>Kernels since 6.4 say how much they would write; with older ones the buffer is doubled and doubled again.</summary>
    private static int Larger(int size, uint wanted) =>
        (int)Math.Min(wanted > (uint)size ? wanted : (uint)size * 4, LargestLogSize);
}

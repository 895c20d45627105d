namespace EbpfReceiver.Bpf;

/// <summary>
/// Keeps programs of uprobes on the stack of the thread that runs them. Since 6.13 a program whose stack is 64 bytes or more has one of its
/// own per CPU, which is right where a program can't come to run twice on a CPU. That of a uprobe can: nothing keeps the kernel from
/// switching to another thread in the middle of it, and if that thread comes to the same place, both write to the same stack.
/// </summary>
/// <remarks>
/// The kernel gives no such stack to a program that makes a tail call, reached or not: so these begin with one that is jumped over, which
/// the verifier then leaves out of what runs. Source: bpf_enable_priv_stack and check_max_stack_depth, kernel/bpf/verifier.c;
/// bpf_prog_run_array_uprobe, include/linux/bpf.h.
/// </remarks>
internal static class PrivateStack
{
    private const uint FirstKernel = (6 << 16) + (13 << 8);

    private static readonly Lazy<bool> s_kernelHasIt = new(() => MayHaveIt(KernelVersion.Code(), KernelVersion.Release()));

    /// <summary>The program as it has to be loaded into the running kernel.</summary>
    /// <param name="linked">A linked program.</param>
    /// <param name="spec">Its specification.</param>
    public static LinkedProgram Avoid(LinkedProgram linked, ProgramSpec spec) =>
        s_kernelHasIt.Value && IsOfUprobe(spec.Kind) ? WithoutIt(linked) : linked;

    /// <summary>
    /// Nothing shows whether a kernel has it, so the version has to tell; Red Hat's have the BPF of later ones under an old version, and do with a
    /// tail call too many.
    /// </summary>
    internal static bool MayHaveIt(uint version, string release) =>
        version >= FirstKernel || release.Contains(".el", StringComparison.Ordinal);

    /// <summary>The program with a tail call that is never made, unless it has one that is.</summary>
    internal static LinkedProgram WithoutIt(LinkedProgram linked)
    {
        for (var i = 0; i < linked.Instructions.Length / InstructionView.Size; i++)
        {
            var instruction = InstructionView.At(linked.Instructions, i);
            if (instruction is { Opcode: InstructionView.CallOpcode, SourceRegister: 0, Immediate: (int)BpfHelper.TailCall })
                return linked;
        }

        return linked.WithPrologue(NeverMade().Span);
    }

    private static ReadOnlyMemory<byte> NeverMade()
    {
        var code = new BpfAssembler();
        var behind = code.DefineLabel();
        code.LoadConstant(BpfRegister.R0, 0);
        code.JumpIf(JumpCondition.Equal, BpfRegister.R0, 0, behind);
        code.Call(BpfHelper.TailCall);
        code.Mark(behind);
        return code.Build().Instructions;
    }

    private static bool IsOfUprobe(ProgramKind kind) => kind
        is ProgramKind.Uprobe or ProgramKind.Uretprobe or ProgramKind.UprobeMulti or ProgramKind.UretprobeMulti
        or ProgramKind.UprobeSession or ProgramKind.Usdt;
}

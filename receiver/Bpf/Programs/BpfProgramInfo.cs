namespace EbpfReceiver.Bpf;

/// <summary>What the kernel says of a program (struct bpf_prog_info).</summary>
/// <param name="Id">Id of the program, as bpftool shows it.</param>
/// <param name="Name">Name, cut to 15 characters.</param>
/// <param name="Tag">Hash of the instructions, 16 hexadecimal digits.</param>
/// <param name="TranslatedBytes">Bytes of BPF instructions after verification.</param>
/// <param name="MachineCodeBytes">Bytes of machine code; 0 if the kernel interprets.</param>
/// <param name="VerifiedInstructions">Instructions the verifier went through (since 5.16; 0 before).</param>
/// <param name="RunTime">Time spent in it while statistics were on (<see cref="BpfRunStatistics"/>).</param>
/// <param name="RunCount">Runs while statistics were on.</param>
/// <param name="RecursionMisses">
/// Hits that did not run it because it, or another program of its kind, was running on the CPU already. Null on kernels that do not count
/// (before 5.12). Which kinds are counted: trampolines since 5.12, raw tracepoints since 6.1, kprobes, kprobe.multi and tracepoints since 6.7;
/// never a tracepoint in the middle of another one's program.
/// </param>
public sealed record BpfProgramInfo(
    int Id,
    string Name,
    string Tag,
    int TranslatedBytes,
    int MachineCodeBytes,
    long VerifiedInstructions,
    TimeSpan RunTime,
    long RunCount,
    long? RecursionMisses);

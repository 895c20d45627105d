using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Turns the kernel's refusal of a program into a sentence for people.</summary>
internal static class Refusal
{
    /// <summary>
    /// Immediate of a call that stands for the load of a map that was not made, plus the map's index; the reference loader uses the same.
    /// </summary>
    internal const int PoisonedMap = 2001000000;

    /// <summary>What verifiers say of callbacks of a program that was loaded without func_info.</summary>
    private const string NoFunctionInfo = "missing btf func_info";

    public static BpfLoadException Explain(LinkedProgram program, ProgramSpec spec, int errno, string log, string? typesProblem = null)
        => new(spec.Name, Sentence(program, spec, errno, log, typesProblem), errno, log);

    private static string Sentence(LinkedProgram program, ProgramSpec spec, int errno, string log, string? typesProblem)
    {
        var name = $"Program {spec.Name} ({spec.SectionName})";
        var error = BpfSyscallException.NameOf(errno);
        var found = VerifierLog.Read(log);
        if (found.Complaint.Length == 0)
            return $"{name} was refused with {error}, without a word of the verifier. {WithoutLog(spec, (Errno)errno)}".TrimEnd();

        if (found.Complaint == NoFunctionInfo && CallbackIn(program) is >= 0 and var described)
        {
            return $"{name} gives a helper a function to call back{Where(program, described)}, of which the kernel has to know the types. "
                + (typesProblem ?? "The object does not tell them for each function (section .BTF.ext).");
        }

        if ((Errno)errno == Errno.EINVAL && IsAboutCallbacks(found.Complaint) && CallbackIn(program) is >= 0 and var callback)
            return $"{name} gives a helper a function to call back, which kernels take since 5.13.{Where(program, callback)}";

        if (program.PoisonedBy(found.UnknownHelper(), found.Instruction) is { } missing)
        {
            return $"{name} needs {missing.Subject}, which this kernel does not have as the program knows it: {missing.Cause}"
                + Where(missing.InstructionIndex, missing.Source);
        }

        if (Poisoned(program, found) is { } lacking)
            return $"{name} {lacking}{Where(program, found.Instruction)}";

        if (found.UnknownHelper() is >= 0 and var helper)
        {
            return $"{name} calls helper {helper}, which this kernel does not have or does not allow to this kind of program"
                + (KernelFeatures.All.FirstOrDefault(claim => (long?)claim.Helper == helper) is { } claim
                    ? $" ({claim.Helper} is there since Linux {claim.MinimumKernel})." : ".");
        }

        return $"{name} was refused by the verifier ({error}): {found.Complaint}{Where(program, found.Instruction)}";
    }

    /// <summary>
    /// A kernel that knows no callbacks counts their functions as missing, or does not know what is loaded by their address.
    /// </summary>
    private static bool IsAboutCallbacks(string complaint) =>
        complaint.Contains("func_info", StringComparison.Ordinal) || complaint.Contains("ld_imm", StringComparison.OrdinalIgnoreCase)
        || complaint.Contains("unreachable insn", StringComparison.Ordinal);

    /// <summary>Index of the first instruction that loads the address of a function, or -1.</summary>
    private static int CallbackIn(LinkedProgram program)
    {
        for (var i = 0; i < program.Instructions.Length / InstructionView.Size; i++)
        {
            var instruction = InstructionView.At(program.Instructions, i);
            if (instruction.Opcode == InstructionView.LoadWideOpcode && instruction.SourceRegister == InstructionView.PseudoFunction)
                return i;
        }

        return -1;
    }

    /// <summary>What the program uses at an instruction that the loader replaced because it is not there.</summary>
    private static string? Poisoned(LinkedProgram program, VerifierLog found) => found.UnknownHelper() switch
    {
        >= KernelExterns.PoisonedFunction => Array.Find(program.Externs, e => e.InstructionIndex == found.Instruction).Extern is { } function
            ? $"calls the kernel function {function.Name} ({function.TypeName}), which this kernel does not have as the program knows it"
            : null,
        >= PoisonedMap => program.Maps.Where(m => m.InstructionIndex == found.Instruction || m.InstructionIndex + 1 == found.Instruction)
            .Select(static m => $"uses map {m.MapName}, which was not made").FirstOrDefault(),
        _ => null,
    };

    private static string Where(LinkedProgram program, int instruction) =>
        instruction < 0 ? "" : Where(instruction, program.SourceLineAt(instruction));

    private static string Where(int instruction, string? line) =>
        string.Create(CultureInfo.InvariantCulture, $" (instruction {instruction}{(line is null ? "" : $", {line}")})");

    private static string WithoutLog(ProgramSpec spec, Errno error) => error switch
    {
        Errno.EPERM when MemoryAccounting.LimitInForce is { } limit && CapabilitySet.OfThisProcess().CanTrace =>
            $"This kernel counts BPF memory against RLIMIT_MEMLOCK, which is {limit} bytes: raise it, or give CAP_SYS_RESOURCE.",
        Errno.EPERM or Errno.EACCES => PermissionAdvice.ForLoading(spec.Type),
        Errno.EINVAL => $"This kernel does not know programs of type {spec.Type}, or not this attach type.",
        Errno.ENOMEM => "There is not enough memory for it, or the memory limit of the cgroup is too low.",
        Errno.E2BIG => "It is larger than the kernel takes.",
        Errno.ENOTSUPP or Errno.EOPNOTSUPP => "This kernel was built without what it needs.",
        _ => "",
    };
}

namespace EbpfReceiver.Bpf;

/// <summary>What became of one CO-RE relocation against the types of a kernel.</summary>
/// <param name="InstructionIndex">Index of the relocated instruction in the linked program.</param>
/// <param name="Kind">What of the type, field or enumerator the instruction uses.</param>
/// <param name="Subject">The C expression, for example <c>struct task_struct.tgid</c>.</param>
/// <param name="LocalValue">The value the object was compiled with; null if it could not be told.</param>
/// <param name="TargetValue">The value on this kernel; null where the kernel has no such type, field or enumerator.</param>
/// <param name="TargetTypeId">Type in the kernel's BTF that was matched; 0 if none was.</param>
/// <param name="Problem">A sentence that says why the instruction can't run on this kernel; null if it can.</param>
public sealed record RelocationResult(
    int InstructionIndex, CoreRelocationKind Kind, string Subject, ulong? LocalValue, ulong? TargetValue, uint TargetTypeId,
    string? Problem)
{
    /// <summary>
    /// Immediate of the call that stands for an instruction that can't run ("bad relo" in digits; the reference loader uses
    /// the same, so people know it): the verifier only minds if the instruction is reached.
    /// </summary>
    public const int PoisonedCall = 0xbad2310;

    /// <summary>Where in the source the instruction is, as <c>file.c:12: source text</c>; null if the object does not say.</summary>
    public string? Source { get; init; }

    /// <summary>Bytes the instruction loads or stores, where the object was compiled and on this kernel; 0 if it is no such
    /// access.</summary>
    public (uint Local, uint Target) AccessSize { get; init; }

    /// <summary>Of a poisoned instruction: <see cref="Problem"/> without the place, to go on with a sentence.</summary>
    internal string? Cause { get; init; }

    /// <summary>True if the program can't be linked for this: candidates differ, or the instruction is not what it should be.</summary>
    public bool IsRefused { get; init; }

    /// <summary>True if the instruction was replaced by a call that the verifier refuses when it can be reached.</summary>
    public bool IsPoisoned => Problem is not null && !IsRefused;
}

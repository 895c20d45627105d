using EbpfReceiver.Bpf;

namespace EbpfReceiver.Objects;

/// <summary>What becomes of one program.</summary>
internal sealed record ProgramReport
{
    public required ProgramSpec Spec { get; init; }

    /// <summary>
    /// The instructions with subprograms appended and relocations applied, references to maps and to the kernel as in the object; null
    /// if the
    /// program can't be linked.
    /// </summary>
    public byte[]? Instructions { get; init; }

    public IReadOnlyList<RelocationResult> Relocations { get; init; } = [];

    /// <summary>Whether this kernel took it; null if it was not asked.</summary>
    public bool? Loaded { get; init; }

    /// <summary>Why it can't be linked, or what the kernel has against it; null if nothing.</summary>
    public string? Error { get; init; }

    /// <summary>Instructions the verifier went through; 0 if the kernel does not say.</summary>
    public long VerifiedInstructions { get; init; }
}

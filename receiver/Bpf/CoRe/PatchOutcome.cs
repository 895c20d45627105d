namespace EbpfReceiver.Bpf;

/// <summary>What became of an instruction that a relocation is on.</summary>
/// <param name="Refusal">Why the instruction does not fit the relocation; null if it does.</param>
/// <param name="IsPoisoned">True if it was replaced by a call that no kernel has.</param>
/// <param name="IsAccess">True if it loads or stores.</param>
internal readonly record struct PatchOutcome(string? Refusal, bool IsPoisoned, bool IsAccess)
{
    internal static readonly PatchOutcome Patched;

    internal static readonly PatchOutcome Poisoned = new(null, true, false);

    internal static PatchOutcome Refuse(string why) => new(why, false, false);
}

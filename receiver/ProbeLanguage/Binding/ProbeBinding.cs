namespace EbpfReceiver.ProbeLanguage;

/// <summary>A probe bound to a machine, as far as that was possible.</summary>
/// <param name="Definition">What was written.</param>
/// <param name="Probe">What <see cref="ProbeCompiler"/> takes; null where the machine has none of the hooks.</param>
/// <param name="Refused">The alternatives that were left out, with the reasons.</param>
/// <param name="Sets">What user space puts into the sets that the probe asks (<see cref="InSetExpression"/>).</param>
public sealed record ProbeBinding(
    ProbeDefinition Definition, BoundProbe? Probe, IReadOnlyList<RefusedAlternative> Refused, IReadOnlyList<BoundSet> Sets)
{
    /// <summary>Why there is no probe: of each alternative where it is written, and the reason.</summary>
    public string MissingReason => string.Join("; ", Refused.Select(r => $"{r.Reason.Location}: {r.Alternative}: {r.Reason.Message}"));
}

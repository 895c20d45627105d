namespace EbpfReceiver.ProbeLanguage;

/// <summary>A way to wait for an event that this machine does not have, or that the probe's expressions do not fit.</summary>
/// <param name="Hook"><c>start</c>, <c>end</c> or <c>event</c>.</param>
/// <param name="Alternative">As it was written.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedAlternative(string Hook, string Alternative, ProbeDiagnostic Reason);

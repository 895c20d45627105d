namespace EbpfReceiver.Doctor;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Area">What it belongs to: "kernel", "privileges", "features", "probes", "endpoints".</param>
/// <param name="Name">What was looked at.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Reason">What was seen.</param>
/// <param name="Remedy">What can be done; null: nothing, or there is no need to.</param>
internal sealed record Check(string Area, string Name, CheckOutcome Outcome, string Reason, string? Remedy = null)
{
    /// <summary>Whether nothing at all can be observed while this is not mended.</summary>
    public bool Fatal { get; init; }
}

using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Hosting;
using EbpfReceiver.Probes;

namespace EbpfReceiver.Doctor;

/// <summary>What becomes of each probe here, found out by attaching it for a moment.</summary>
internal static class ProbeChecks
{
    private const string Area = "probes";

    public static async Task<IReadOnlyList<Check>> RunAsync(ReceiverConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<ProbeStatus> probes = await ProbeTrial.RunAsync(configuration, directory => directory.List(), cancellationToken);
            return [.. probes.Select(Of)];
        }
        catch (CommandFailedException e)
        {
            return [new Check(Area, "all", CheckOutcome.No, e.Message) { Fatal = true }];
        }
    }

    public static Check Of(ProbeStatus probe)
    {
        ProbeReason? first = probe.Reasons.Count > 0 ? probe.Reasons[0] : null;
        string more = probe.Reasons.Count > 1 ? $" (and {probe.Reasons.Count - 1} more: ebpf-receiver probes explain {probe.Name})" : "";
        string reason = first is null ? "" : (first.Hook.Length > 0 ? $"{first.Hook}: {first.Text}" : first.Text) + more;
        return probe.State switch
        {
            ProbeState.Running => new Check(Area, probe.Name, CheckOutcome.Yes, Attached(probe)),
            ProbeState.Degraded => new Check(Area, probe.Name, CheckOutcome.Degraded, reason, first?.Remedy ?? Minimum(first)),
            ProbeState.Disabled => new Check(Area, probe.Name, CheckOutcome.No, "excluded by the configuration"),
            _ => new Check(Area, probe.Name, CheckOutcome.No, reason, first?.Remedy ?? Minimum(first)),
        };
    }

    private static string? Minimum(ProbeReason? reason) => reason?.MinimumKernel is { Length: > 0 } kernel ? $"Linux {kernel} or later has what it takes." : null;

    private static string Attached(ProbeStatus probe) => string.Join("; ", probe.Hooks
        .Where(h => h.Chosen is not null)
        .GroupBy(h => h.Alternatives.FirstOrDefault(a => a.Chosen)?.Kind ?? h.Chosen!)
        .Select(g => $"{string.Join(", ", g.Select(h => h.Name))} by {g.Key}"));
}
